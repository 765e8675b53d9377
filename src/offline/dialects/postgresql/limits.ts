import { limitsFor } from '../../../database/limits/time-limit.ts'
import type { ScriptFacts, ScriptStep } from '../script-dialect.ts'

/** How long a statement of a script waits for a lock that somebody else holds; undefined where nothing is set. */
export function sessionLock({ settings, guarded }: Pick<ScriptFacts, 'settings' | 'guarded'>): string | undefined {
  const { ms, source } = limitsFor(settings, {}, undefined).tableLock
  if (source === 'default' && !guarded) return undefined
  return `SET lock_timeout = ${time(ms)};\n`
}

/** The limits that one step sets for itself, and what is there again after it. */
export class StepLimits {
  readonly #facts: ScriptFacts
  readonly #isLocal: boolean
  readonly #lock: number | undefined
  readonly #statement: { readonly ms: number; readonly isOwn: boolean } | undefined
  #setsLock = false
  #setsStatement = false

  constructor(facts: ScriptFacts, { transaction, limits }: ScriptStep) {
    this.#facts = facts
    this.#isLocal = transaction
    this.#lock = limits?.tableLockTimeoutMs
    const { ms, source } = limitsFor(facts.settings, {}, limits).statement
    // A guarded script has lifted that of the server already.
    const isSet = source !== 'default' && (ms > 0 || !facts.guarded)
    this.#statement = isSet ? { ms, isOwn: source === 'revision' } : undefined
  }

  /** Before the first statement of the revision. */
  set(): string {
    const set = this.#isLocal ? 'SET LOCAL' : 'SET'
    const lock = this.#lock === undefined ? '' : `${set} lock_timeout = ${time(this.#lock)};\n`
    return this.#statement === undefined ? lock : `${lock}${set} statement_timeout = ${time(this.#statement.ms)};\n`
  }

  /** A statement of the revision that may set a limit by itself, which then stands. */
  hear(sql: string): void {
    if (!/_timeout\b/i.test(sql)) return
    this.#setsLock ||= /\block_timeout\b/i.test(sql)
    this.#setsStatement ||= /\bstatement_timeout\b/i.test(sql)
  }

  /** What lifts the limits that the revision did not ask for, and sets them again. */
  lifted(): { readonly before: string; readonly after: string } {
    const session = this.#lock === undefined && !this.#setsLock ? sessionLock(this.#facts) : undefined
    const { ms = 0, isOwn = true } = this.#statement ?? {}
    const statement = isOwn || this.#setsStatement ? undefined : `SET statement_timeout = ${time(ms)};\n`
    return {
      before: `${session === undefined ? '' : 'SET lock_timeout = 0;\n'}${statement === undefined ? '' : 'SET statement_timeout = 0;\n'}`,
      after: `${session ?? ''}${statement ?? ''}`,
    }
  }

  /** Before rev's own statements, in the transaction of the version rows: the limit is not meant for them. */
  setForRows(): string {
    return this.#statement === undefined ? '' : 'SET LOCAL statement_timeout = 0;\n'
  }

  /** After the step. */
  end(): string {
    if (this.#isLocal) return ''
    const lock = this.#lock === undefined ? '' : (sessionLock(this.#facts) ?? 'SET lock_timeout TO DEFAULT;\n')
    const statement = this.#facts.guarded ? 'SET statement_timeout = 0;\n' : 'SET statement_timeout TO DEFAULT;\n'
    return this.#statement === undefined ? lock : `${lock}${statement}`
  }
}

const time = (ms: number): string => (ms === 0 ? '0' : ms % 1000 === 0 ? `'${ms / 1000}s'` : `'${Math.ceil(ms)}ms'`)
