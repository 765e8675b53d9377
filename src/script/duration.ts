import { RevError } from '../errors/index.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
// The longest that a timer of Node can wait; more would fire at once.
const LONGEST = 2 ** 31 - 1

/** Milliseconds of `60s`, `5m`, `1h`, `500ms` or a number of milliseconds; undefined when it is none of these. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return isWaitable(value) ? value : undefined
  if (typeof value !== 'string') return undefined
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(value.trim()) ?? []
  // Zero is zero in any unit; any other bare number as text could mean seconds as well as milliseconds.
  if (digits === undefined || unit === undefined) return value.trim() === '0' ? 0 : undefined
  const ms = Math.round(Number(digits) * (UNITS[unit] ?? Number.NaN))
  return isWaitable(ms) ? ms : undefined
}

/** The same, for what a user typed; throws REV_CONFIG_INVALID_DURATION. */
export function toMilliseconds(value: number | string): number {
  const ms = parseDuration(value)
  if (ms === undefined) throw new RevError('REV_CONFIG_INVALID_DURATION', { text: String(value) })
  return ms
}

function isWaitable(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0 && ms <= LONGEST
}
