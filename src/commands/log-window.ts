import { RevError } from '../errors/index.ts'
import { parseMoment } from '../script/moment.ts'

/** From when to when, both included. Throws REV_USAGE_INVALID_VALUE for what is no moment, or is the wrong way round. */
export function logWindow(
  since: string | Date | undefined,
  until: string | Date | undefined,
): { readonly since?: Date; readonly until?: Date } {
  const from = since === undefined ? undefined : momentOf('since', since).first
  const to = until === undefined ? undefined : momentOf('until', until).last
  if (from !== undefined && to !== undefined && from > to) {
    const expected = `a time that is not before the one of since, ${from.toISOString()}`
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: 'until', value: textOf(until), expected })
  }
  return { ...(from === undefined ? {} : { since: from }), ...(to === undefined ? {} : { until: to }) }
}

function momentOf(option: string, value: string | Date): { readonly first: Date; readonly last: Date } {
  const span = parseMoment(textOf(value))
  if (span !== undefined) return span
  const expected = 'a date, or a date and time, such as 2026-08-01 or 2026-08-01T12:30Z'
  throw new RevError('REV_USAGE_INVALID_VALUE', { option, value: textOf(value), expected })
}

function textOf(value: unknown): string {
  if (!(value instanceof Date)) return String(value)
  return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
}
