import { ScriptFault } from '../script-fault.ts'
import { toHex, wellFormed } from './well-formed.ts'

interface ToPostgres {
  toPostgres(prepareValue: (value: unknown) => unknown): unknown
}

/**
 * A value as the driver `pg` binds it. Everything but bytes is a quoted literal without a type, numbers too, because a
 * parameter has no type either: the database then decides on the type in the same way.
 */
export function postgresLiteral(value: unknown): string {
  const prepared = prepare(value, [])
  if (prepared === null) return 'NULL'
  return typeof prepared === 'string' ? quote(prepared) : `'\\x${toHex(prepared)}'::bytea`
}

/** What the driver sends: text, bytes or null. */
function prepare(value: unknown, seen: readonly unknown[]): string | ArrayBufferView | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new ScriptFault('value', `a ${typeof value} is no value of a database`)
  if (typeof value !== 'object') return String(value)
  if (ArrayBuffer.isView(value)) return value
  if (value instanceof Date) return dateText(value)
  if (Array.isArray(value)) return arrayText(value, seen)
  if (isToPostgres(value)) {
    if (seen.includes(value)) throw new ScriptFault('value', 'its toPostgres() leads back to itself')
    const inner = [...seen, value]
    return prepare(
      value.toPostgres((part) => prepare(part, inner)),
      inner,
    )
  }
  return jsonText(value)
}

function isToPostgres(value: object): value is ToPostgres {
  return 'toPostgres' in value && typeof value.toPostgres === 'function'
}

function arrayText(values: readonly unknown[], seen: readonly unknown[]): string {
  return `{${values.map((value) => elementText(value, seen)).join(',')}}`
}

function elementText(value: unknown, seen: readonly unknown[]): string {
  if (Array.isArray(value)) return arrayText(value, seen)
  const prepared = prepare(value, seen)
  if (prepared === null) return 'NULL'
  if (typeof prepared !== 'string') return `\\\\x${toHex(prepared)}`
  return `"${prepared.replace(/[\\"]/g, '\\$&')}"`
}

/** The wall clock of this process and its offset, as the driver writes it; a column without a zone keeps the clock. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new ScriptFault('value', 'the Date is invalid')
  const pad = (part: number, length = 2): string => String(part).padStart(length, '0')
  const year = date.getFullYear()
  const day = `${pad(year < 1 ? 1 - year : year, 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  const offset = -date.getTimezoneOffset()
  const minutes = Math.abs(offset)
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  return `${day}T${clock}${zone}${year < 1 ? ' BC' : ''}`
}

function jsonText(value: object): string {
  try {
    const text: string | undefined = JSON.stringify(value)
    if (text !== undefined) return text
  } catch (error) {
    throw new ScriptFault('value', `it is no JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  throw new ScriptFault('value', 'its toJSON() gives nothing')
}

// Backslashes and control characters are escaped, so that neither `standard_conforming_strings` nor the line ends of a
// client or an editor change the text.
function quote(raw: string): string {
  if (!NOT_PLAIN.test(raw)) return `'${raw}'`
  if (raw.includes('\0')) throw new ScriptFault('value', 'PostgreSQL keeps no text that holds a NUL character')
  const text = wellFormed(raw).replaceAll("'", "''")
  return UNSAFE.test(text) ? ` E'${text.replace(EACH_UNSAFE, escapeCharacter)}'` : `'${text}'`
}

// All but ASCII without quotes and backslashes, which is what nearly all texts are.
const NOT_PLAIN = /[^\t\n -&(-[\]-~]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSAFE = /[\\\x01-\x08\x0b-\x1f\x7f]/
const EACH_UNSAFE = new RegExp(UNSAFE, 'g')

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\'
  if (character === '\r') return '\\r'
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
