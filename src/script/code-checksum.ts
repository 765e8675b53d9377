import { createHash, type Hash, hash } from 'node:crypto'
import { TokenReader } from './source-tokens.ts'

// A line end after a name or `>`, or before `++` and `--`, can mean something (`return`, `async`, `type`, f<T>); before
// one of these it cannot.
const GOES_ON: ReadonlySet<string> = new Set([')', ']', '}', ',', ';', '.', '?', ':', '=', '==', '=>', '&', '|', '^'])
const MOST_PENDING = 1 << 16
const OPERATOR = /^[!=<>&|+\-*/%^?.:~]/

/**
 * The SHA-256, in hex, of JavaScript or TypeScript without its comments and the white space that means nothing: texts
 * with the same one do the same. The opposite does not hold. Undefined where the text cannot be split for certain.
 */
export function codeChecksum(text: string): string | undefined {
  const reader = new TokenReader(text)
  let long: Hash | undefined
  // Many tokens at once: each call of the hash costs more than a token.
  let pending = ''
  for (reader.next(); reader.kind !== 'end'; reader.next()) {
    if (reader.kind === 'unknown') return undefined
    // Each length stands before its token, so that no two rows of tokens give the same bytes.
    pending += markBefore(reader) + lengthOf(reader.text) + reader.text
    if (pending.length > MOST_PENDING) {
      long ??= createHash('sha256')
      long.update(pending)
      pending = ''
    }
  }
  return long === undefined ? hash('sha256', pending, 'hex') : long.update(pending).digest('hex')
}

const LENGTHS = Array.from({ length: 64 }, (_, length) => `${length}:`)

function lengthOf({ length }: string): string {
  return LENGTHS[length] ?? `${length}:`
}

// What stands between two tokens and may change what they mean.
function markBefore(reader: TokenReader): string {
  if (reader.newlineBefore) return lineEndMayMatter(reader) ? '\n' : ''
  return !reader.spaceBefore && mayBeOneOperator(reader) ? '+' : ''
}

function lineEndMayMatter({ kind, text, previousKind, previousText }: TokenReader): boolean {
  if (text === '++' || text === '--') return true
  if (previousKind !== 'name' && previousText !== '>') return false
  return kind !== 'punctuator' || !GOES_ON.has(text)
}

// The tokens are shorter than the language's: `a != b` and `a! = b` differ only in where they touch, `1.e5` and `1 .e5`.
function mayBeOneOperator({ kind, text, previousKind, previousText }: TokenReader): boolean {
  if (kind !== 'punctuator' || !OPERATOR.test(text)) return false
  return previousKind === 'number' || (previousKind === 'punctuator' && OPERATOR.test(previousText))
}
