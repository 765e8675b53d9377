import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCreateDate } from '../../../src/script/create-date.ts'

describe('the creation date', () => {
  it('is told in the time zone, with its offset then', () => {
    const winter = new Date('2026-01-02T03:04:05.678Z')
    const summer = new Date('2026-07-02T23:04:05Z')

    expect(toCreateDate(winter, 'UTC')).toBe('2026-01-02T03:04:05+00:00')
    expect(toCreateDate(winter, 'Europe/Berlin')).toBe('2026-01-02T04:04:05+01:00')
    expect(toCreateDate(summer, 'Europe/Berlin')).toBe('2026-07-03T01:04:05+02:00')
    expect(toCreateDate(winter, 'America/St_Johns')).toBe('2026-01-01T23:34:05-03:30')
    expect(toCreateDate(new Date('2026-01-01T00:00:00Z'), 'UTC')).toBe('2026-01-01T00:00:00+00:00')
  })

  it('is the same moment again when it is read', () => {
    const zone = fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia')
    const date = fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(date, zone, (now, timezone) => {
        const seconds = Math.floor(now.getTime() / 1000)
        expect(Date.parse(toCreateDate(now, timezone)) / 1000).toBe(seconds)
      }),
    )
  })
})
