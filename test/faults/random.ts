/** Random numbers that come out the same for the same seed. */
export interface Random {
  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number
  pick<T>(from: readonly T[]): T
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean
}

/** Mulberry32: small, and good enough to choose with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    integer,
    pick: <T>(from: readonly T[]): T => {
      const chosen = from[integer(0, from.length - 1)]
      if (chosen === undefined) throw new Error('nothing to choose from')
      return chosen
    },
    chance: (percent) => integer(1, 100) <= percent,
  }
}
