import { expect, it } from 'vitest'
import { createRandom } from '../../../src/seed/run/seed-random.ts'

it('is the same in every run of a seed, and another one in another seed', () => {
  const draw = (name: string): number[] => {
    const random = createRandom(name)
    return Array.from({ length: 20 }, () => random.integer(1, 6))
  }

  expect(draw('users')).toEqual(draw('users'))
  expect(draw('users')).not.toEqual(draw('jobs'))
  // A promise: rows that were made by it are made again by the next version, too.
  expect(draw('users')).toEqual([5, 5, 1, 6, 4, 6, 6, 4, 3, 3, 3, 3, 3, 5, 2, 6, 6, 1, 3, 4])
})

it('stays within its bounds, reaches all of them, and keeps what it shuffles', () => {
  const random = createRandom('dice')
  const drawn = Array.from({ length: 1000 }, () => random.integer(1, 6))

  expect(new Set(drawn)).toEqual(new Set([1, 2, 3, 4, 5, 6]))
  expect([...random.shuffle([1, 2, 3, 4, 5])].sort()).toEqual([1, 2, 3, 4, 5])
  expect(['a', 'b']).toContain(random.pick(['a', 'b']))
  expect(() => random.pick([])).toThrow(RangeError)
  for (let times = 0; times < 1000; times += 1) {
    const next = random.next()
    expect(next).toBeGreaterThanOrEqual(0)
    expect(next).toBeLessThan(1)
  }
})
