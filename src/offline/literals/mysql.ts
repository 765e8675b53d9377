import { ScriptFault } from '../script-fault.ts'
import type { LiteralOptions } from './literal-options.ts'
import { toHex, wellFormed } from './well-formed.ts'

/** A value as `mysql2` writes it into a statement. */
export function mysqlLiteral(value: unknown, options: LiteralOptions): string {
  if (value === null || value === undefined) return 'NULL'
  switch (typeof value) {
    case 'string':
      return quote(wellFormed(value), options.textInBytes)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return String(value)
    case 'number':
      if (!Number.isFinite(value)) throw new ScriptFault('value', `MySQL has no ${value}`)
      return String(value)
    case 'object':
      return objectLiteral(value, options)
    default:
      throw new ScriptFault('value', `a ${typeof value} is no value of a database`)
  }
}

function objectLiteral(value: object, options: LiteralOptions): string {
  if (value instanceof Date) return dateLiteral(value, options.timezone)
  if (value instanceof Uint8Array) return `X'${toHex(value)}'`
  if (Array.isArray(value)) return list(value, options)
  if (value instanceof Set) return list([...value], options)
  if ('toSqlString' in value && typeof value.toSqlString === 'function') return String(value.toSqlString())
  if (ArrayBuffer.isView(value)) throw new ScriptFault('value', 'the driver would not write its bytes; give a Buffer')
  throw new ScriptFault('value', 'the driver would write an object as assignments; give JSON.stringify(value) instead')
}

// The list for `IN (?)`; a list in a list becomes a row.
function list(values: readonly unknown[], options: LiteralOptions): string {
  return values
    .map((value) => {
      if (Array.isArray(value)) return `(${list(value, options)})`
      return value instanceof Set ? `(${list([...value], options)})` : mysqlLiteral(value, options)
    })
    .join(', ')
}

function dateLiteral(date: Date, timezone: string): string {
  // The driver writes NULL for it, which would be a silent loss.
  if (Number.isNaN(date.getTime())) throw new ScriptFault('value', 'the Date is invalid')
  const clock = timezone === 'local' ? localClock(date) : clockAt(date, minutesOf(timezone))
  if (!/^\d{4}-/.test(clock)) throw new ScriptFault('value', `MySQL has no date such as ${clock}`)
  return `'${clock}'`
}

function localClock(date: Date): string {
  const pad = (part: number, length = 2): string => String(part).padStart(length, '0')
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`
}

function clockAt(date: Date, minutes: number): string {
  return new Date(date.getTime() + minutes * 60_000).toISOString().replace('T', ' ').replace('Z', '')
}

function minutesOf(timezone: string): number {
  const found = /([+\-\s])(\d\d):?(\d\d)?/.exec(timezone)
  if (found === null) return 0
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0))
}

// Plain strings, as the driver's: some places of the grammar take nothing else, and they have the collation of the
// connection. What the client drops or stops at is escaped. Quotes are doubled: so a string ends in the same place where a
// backslash is a plain character.
const ESCAPES: Readonly<Record<string, string>> = {
  "'": "''",
  '\\': '\\\\',
  '\0': '\\0',
  '\b': '\\b',
  '\r': '\\r',
  '\x1a': '\\Z',
}
const MAY_BE_ESCAPED = /['\\\p{Cc}]/gu
const UNSAFE = /(?![\t\n])[\\\p{Cc}]/u

function quote(text: string, inBytes: boolean): string {
  if (inBytes && UNSAFE.test(text)) return `_utf8mb4 X'${Buffer.from(text, 'utf8').toString('hex')}'`
  return `'${text.replace(MAY_BE_ESCAPED, (character) => ESCAPES[character] ?? character)}'`
}
