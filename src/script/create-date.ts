/** The moment as `2026-11-21T14:03:22+01:00`, told in a time zone by its IANA name. */
export function toCreateDate(now: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(now)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? ''
  const date = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
  // Greenwich itself is "GMT" without digits.
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
  return `${date}T${part('hour')}:${part('minute')}:${part('second')}${offset}`
}
