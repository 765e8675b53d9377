import type { TokenReader } from './source-tokens.ts'
import { stringLiteralValue } from './string-literal.ts'

/** An object of texts, as in `{ database: 'analytics', revision: '4f0c' }`. */
export type LiteralObject = Readonly<Record<string, string>>

export type LiteralValue = string | null | undefined | LiteralObject | readonly (string | LiteralObject)[]

const ENDS_TYPE: ReadonlySet<string> = new Set(['as', 'satisfies', 'in', 'instanceof'])

// Each function leaves the reader on the first token that it did not use, unless it fails.

/** Goes over the token when it is this name or punctuator. */
export function expectToken(reader: TokenReader, text: string): boolean {
  if (!reader.is(text)) return false
  reader.next()
  return true
}

/**
 * A string, null, undefined, an object of strings, or an array of strings and such objects, in parentheses or not, and any
 * types asserted of it. False for everything else.
 */
export function readLiteral(reader: TokenReader): LiteralValue | false {
  const value = readBareLiteral(reader)
  return value !== false && passAssertedTypes(reader) ? value : false
}

function readBareLiteral(reader: TokenReader): LiteralValue | false {
  const { kind, text } = reader
  reader.next()
  if (kind === 'string' || kind === 'template') return stringLiteralValue(text) ?? false
  if (kind === 'name') {
    if (text === 'null') return null
    if (text === 'undefined') return undefined
    return text === 'void' && expectToken(reader, '0') ? undefined : false
  }
  if (text === '[') return readArray(reader)
  if (text === '{') return readObject(reader)
  if (text !== '(') return false
  const value = readLiteral(reader)
  return value !== false && expectToken(reader, ')') ? value : false
}

function readArray(reader: TokenReader): readonly (string | LiteralObject)[] | false {
  const values: (string | LiteralObject)[] = []
  while (!reader.is(']')) {
    const value = expectToken(reader, '{') ? readObject(reader) : readString(reader)
    if (value === false || value === undefined || !(reader.is(']') || expectToken(reader, ','))) return false
    values.push(value)
  }
  reader.next()
  return values
}

function readObject(reader: TokenReader): LiteralObject | false {
  const values = new Map<string, string>()
  while (!reader.is('}')) {
    const key = reader.kind === 'name' ? reader.text : stringLiteralValue(reader.text)
    if ((reader.kind !== 'name' && reader.kind !== 'string') || key === undefined || key === '__proto__') return false
    reader.next()
    const value = expectToken(reader, ':') ? readString(reader) : undefined
    if (value === undefined || values.has(key) || !(reader.is('}') || expectToken(reader, ','))) return false
    values.set(key, value)
  }
  reader.next()
  return Object.fromEntries(values)
}

function readString(reader: TokenReader): string | undefined {
  const isString = reader.kind === 'string' || reader.kind === 'template'
  const value = isString ? stringLiteralValue(reader.text) : undefined
  reader.next()
  return value
}

/** Goes over `as const`, `as T`, `satisfies T | 'a'[]`, when the types are simple and stand on the same line. */
export function passAssertedTypes(reader: TokenReader): boolean {
  while ((reader.is('as') || reader.is('satisfies')) && !reader.newlineBefore) {
    reader.next()
    if (!isTypeToken(reader) || reader.kind === 'punctuator') return false
    while (isTypeToken(reader)) reader.next()
  }
  return true
}

function isTypeToken(reader: TokenReader): boolean {
  if (reader.newlineBefore) return false
  if (reader.kind === 'name') return !ENDS_TYPE.has(reader.text)
  return reader.kind === 'string' || (reader.kind === 'punctuator' && /^[.|&[\]]$/.test(reader.text))
}

/** Whether a statement that ended with a literal, or with a closing brace, surely ends before the current token. */
export function isStatementEnd(reader: TokenReader): boolean {
  if (reader.kind === 'end' || reader.is(';')) return true
  return reader.newlineBefore && reader.kind === 'name' && !ENDS_TYPE.has(reader.text)
}

/** Whether the current token, a name at the top level, surely begins a statement that is not part of another. */
export function isStatementStart(reader: TokenReader): boolean {
  const { previousKind, previousText } = reader
  if (previousKind === 'end' || previousText === ';' || previousText === '}') return true
  if (!reader.newlineBefore) return false
  if (previousKind !== 'punctuator') return previousText !== 'else' && previousText !== 'do'
  return previousText === ']' || (previousText === ')' && !reader.previousClosedControl)
}
