import { expect, it } from 'vitest'
import { naturalOrder } from '../../../src/seed/graph/natural-order.ts'

it('counts as people do, and orders the rest by its characters', () => {
  const sorted = ['10_jobs.ts', '2_users.ts', 'b.ts', '1.ts', 'B.ts', 'a10.ts', 'a9.ts', '002_users.ts', 'a.ts'].sort(
    naturalOrder,
  )

  expect(sorted).toEqual([
    '1.ts',
    '002_users.ts',
    '2_users.ts',
    '10_jobs.ts',
    'B.ts',
    'a.ts',
    'a9.ts',
    'a10.ts',
    'b.ts',
  ])
})

it('is no number that could overflow, and tells everything apart', () => {
  expect(naturalOrder('9'.repeat(400), `1${'0'.repeat(400)}`)).toBeLessThan(0)
  expect(naturalOrder('a', 'a')).toBe(0)
  expect(naturalOrder('01', '1')).not.toBe(0)
  expect(naturalOrder('a', 'a1')).toBeLessThan(0)
})
