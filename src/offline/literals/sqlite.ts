import { ScriptFault } from '../script-fault.ts'
import type { LiteralOptions } from './literal-options.ts'
import { toHex, wellFormed } from './well-formed.ts'

const SMALLEST = -(2n ** 63n)
const LARGEST = 2n ** 63n - 1n

/**
 * A value as `better-sqlite3` binds it, the two conversions that Knex makes for it included: every number is a float, 1
 * and true are 1.0, only a bigint is an integer. The driver `sqlite3` keeps small whole numbers.
 */
export function sqliteLiteral(value: unknown, options: LiteralOptions): string {
  if (value === null || value === undefined) return 'NULL'
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'boolean':
      return numberLiteral(value ? 1 : 0, options.keepsIntegers)
    case 'number':
      return numberLiteral(value, options.keepsIntegers)
    case 'bigint':
      if (value < SMALLEST || value > LARGEST) throw new ScriptFault('value', 'SQLite keeps integers of 64 bits')
      return String(value)
    case 'object':
      if (value instanceof Date) return numberLiteral(value.getTime(), false)
      if (ArrayBuffer.isView(value)) return `X'${toHex(value)}'`
      throw new ScriptFault('value', 'the driver takes no object or array; give JSON.stringify(value) instead')
    default:
      throw new ScriptFault('value', `the driver takes no ${typeof value}`)
  }
}

function numberLiteral(value: number, keepsIntegers: boolean): string {
  if (Number.isNaN(value)) return 'NULL'
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999'
  if (keepsIntegers && Object.is(value | 0, value)) return String(value)
  if (Object.is(value, -0)) return '-0.0'
  if (Number.isSafeInteger(value)) return `${value}.0`
  return isReadExactly(value) ? String(value) : exactFraction(value)
}

/**
 * Whether every SQLite reads the decimal digits back as this number. It promises 15 digits, and older ones divide by the
 * power of ten in 64 bits and round to 53 afterwards, which goes wrong where the first rounding ends half way.
 */
function isReadExactly(value: number): boolean {
  const [mantissa = '', exponent = '0'] = String(Math.abs(value)).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = BigInt(whole + fraction)
  const scale = fraction.length - Number(exponent)
  if (digits >= 10n ** 15n || scale < 1 || scale > 22) return false
  const bits = ((digits << 160n) / 10n ** BigInt(scale)).toString(2)
  return !/^(?:10{10}|01{10})/.test(bits.slice(53))
}

/** An integer times or over powers of two: nothing of it is rounded. */
function exactFraction(value: number): string {
  let integer = value
  let power = 0
  while (!Number.isInteger(integer) || Math.abs(integer) < 2 ** 52) {
    integer *= 2
    power += 1
  }
  while (Math.abs(integer) >= 2 ** 53) {
    integer /= 2
    power -= 1
  }
  return `(${integer}.0${power > 0 ? factors('/', power) : factors('*', -power)})`
}

// In steps that stay integers which SQLite reads exactly.
function factors(operator: string, power: number): string {
  const steps: string[] = []
  for (let left = power; left > 0; left -= 52) steps.push(`${operator}${2 ** Math.min(left, 52)}.0`)
  return steps.join('')
}

// The shell ends lines at carriage returns and statements at NUL, so text with control characters is given in bytes.
function quote(text: string): string {
  // The driver stores such text as bytes that are no UTF-8, which nothing reads back alike.
  if (wellFormed(text) !== text) throw new ScriptFault('value', 'the text holds half of a surrogate pair')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const unsafe = /[\x00-\x08\x0b-\x1f\x7f]/
  if (unsafe.test(text)) return `CAST(X'${Buffer.from(text, 'utf8').toString('hex')}' AS TEXT)`
  return `'${text.replaceAll("'", "''")}'`
}
