/** The first and the last millisecond of what was written: a day, a minute, a second or a moment. */
export interface MomentSpan {
  readonly first: Date
  readonly last: Date
}

const DAY_MS = 86_400_000
const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?: ?(Z|UTC|[+-][01]\d:?[0-5]\d))?)?$/i

/**
 * Reads `2026-08-01`, `2026-08-01T12:30`, `2026-08-01 12:30:05.250+02:00`: UTC unless it says otherwise. Undefined for
 * anything else, and for days and hours that there are not.
 */
export function parseMoment(text: string): MomentSpan | undefined {
  const match = FORM.exec(text.trim())
  if (!match) return undefined
  const [, year = '', month = '', day = '', hour, minute = '', second, fraction, zone = 'Z'] = match
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0')
  const written = `${year}-${month}-${day}T${hour ?? '00'}:${minute || '00'}:${second ?? '00'}.${milliseconds}Z`
  const local = new Date(written)
  // The 30th of February would be one of March, and 24:00 the next day.
  if (Number.isNaN(local.getTime()) || local.toISOString() !== written) return undefined
  const first = local.getTime() - offsetOf(zone)
  const last = first + lengthOf(hour, second, fraction) - 1
  return isCommon(first) && isCommon(last) ? { first: new Date(first), last: new Date(last) } : undefined
}

function lengthOf(hour: string | undefined, second: string | undefined, fraction: string | undefined): number {
  if (hour === undefined) return DAY_MS
  if (second === undefined) return 60_000
  return fraction === undefined ? 1_000 : 1
}

function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -ms : ms
}

/** Years that every database can hold. */
function isCommon(ms: number): boolean {
  const year = new Date(ms).getUTCFullYear()
  return year >= 1000 && year <= 9999
}
