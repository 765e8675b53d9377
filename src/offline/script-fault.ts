/**
 * Why a statement or a value cannot be written: `value` for what no literal can say, `placeholder` for a `?` without a
 * value, `statement` for everything else. The recording turns it into an error that names revision, file and line.
 */
export class ScriptFault extends Error {
  override readonly name = 'ScriptFault'
  readonly kind: 'value' | 'placeholder' | 'statement'

  constructor(kind: 'value' | 'placeholder' | 'statement', reason: string) {
    super(reason)
    this.kind = kind
  }
}
