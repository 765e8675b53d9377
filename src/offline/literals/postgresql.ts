import { ScriptFault } from '../script-fault.ts'
import { DEFAULT_LITERALS, type LiteralOptions } from './literal-options.ts'
import { toHex, wellFormed } from './well-formed.ts'

interface ToPostgres {
  toPostgres(prepareValue: (value: unknown) => unknown): unknown
}

/**
 * A value as the driver `pg` binds it. Everything but bytes is a quoted literal without a type, numbers too, because a
 * parameter has no type either: the database then decides on the type in the same way.
 */
export function postgresLiteral(value: unknown, { timezone }: LiteralOptions = DEFAULT_LITERALS): string {
  const prepared = prepare(value, { seen: [], inUtc: timezone === 'Z' })
  if (prepared === null) return 'NULL'
  return typeof prepared === 'string' ? quote(prepared) : `'\\x${toHex(prepared)}'::bytea`
}

interface Preparing {
  /** The objects around the value that turn themselves into others. */
  readonly seen: readonly unknown[]
  /** Dates are told in UTC, and not by the clock of this process. */
  readonly inUtc: boolean
}

/** What the driver sends: text, bytes or null. */
function prepare(value: unknown, at: Preparing): string | ArrayBufferView | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new ScriptFault('value', `a ${typeof value} is no value of a database`)
  if (typeof value !== 'object') return String(value)
  if (ArrayBuffer.isView(value)) return value
  if (value instanceof Date) return dateText(value, at.inUtc)
  if (Array.isArray(value)) return arrayText(value, at)
  if (isToPostgres(value)) {
    if (at.seen.includes(value)) throw new ScriptFault('value', 'its toPostgres() leads back to itself')
    const inner = { ...at, seen: [...at.seen, value] }
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

function arrayText(values: readonly unknown[], at: Preparing): string {
  return `{${values.map((value) => elementText(value, at)).join(',')}}`
}

function elementText(value: unknown, at: Preparing): string {
  if (Array.isArray(value)) return arrayText(value, at)
  const prepared = prepare(value, at)
  if (prepared === null) return 'NULL'
  if (typeof prepared !== 'string') return `\\\\x${toHex(prepared)}`
  return `"${prepared.replace(/[\\"]/g, '\\$&')}"`
}

/** A clock and its offset, as the driver writes them; a column without a zone keeps the clock. */
function dateText(date: Date, inUtc: boolean): string {
  if (Number.isNaN(date.getTime())) throw new ScriptFault('value', 'the Date is invalid')
  const pad = (part: number, length = 2): string => String(part).padStart(length, '0')
  type Part = 'FullYear' | 'Month' | 'Date' | 'Hours' | 'Minutes' | 'Seconds' | 'Milliseconds'
  const part = (name: Part): number => (inUtc ? date[`getUTC${name}`]() : date[`get${name}`]())
  const year = part('FullYear')
  const day = `${pad(year < 1 ? 1 - year : year, 4)}-${pad(part('Month') + 1)}-${pad(part('Date'))}`
  const clock = `${pad(part('Hours'))}:${pad(part('Minutes'))}:${pad(part('Seconds'))}.${pad(part('Milliseconds'), 3)}`
  const offset = inUtc ? 0 : -date.getTimezoneOffset()
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
