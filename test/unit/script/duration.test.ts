import { describe, expect, it } from 'vitest'
import { toMilliseconds } from '../../../src/script/duration.ts'
import { failureOf } from '../../support/folder-with.ts'

describe('a length of time', () => {
  it('is understood as the settings understand it, else an error that repeats it', async () => {
    expect(toMilliseconds('1.5s')).toBe(1500)
    expect(toMilliseconds(0)).toBe(0)
    expect(await failureOf(() => toMilliseconds('5 fortnights'))).toMatchObject({
      code: 'REV_CONFIG_INVALID_DURATION',
      exit: 2,
      details: { text: '5 fortnights' },
    })
  })
})
