import { createHash } from 'node:crypto'
import type { SeedRandom } from '../files/seed-module.ts'

/** The random numbers of one seed: the same ones each time, from its name (mulberry32). */
export function createRandom(name: string): SeedRandom {
  const seed = createHash('sha256').update(name).digest().readUInt32BE()
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1))
  return {
    seed,
    next,
    integer,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new RangeError('there is nothing to pick from')
      return choices[integer(0, choices.length - 1)] as T
    },
    shuffle<T>(items: readonly T[]): T[] {
      const mixed = [...items]
      for (let last = mixed.length - 1; last > 0; last -= 1) {
        const other = integer(0, last)
        const [one, two] = [mixed[last] as T, mixed[other] as T]
        mixed[last] = two
        mixed[other] = one
      }
      return mixed
    },
  }
}
