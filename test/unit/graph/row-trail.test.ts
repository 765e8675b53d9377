import { describe, expect, it } from 'vitest'
import { type Move, toSteps } from '../../../src/graph/row-trail.ts'

const move = (removed: number[], added: number[]): Move => ({ direction: 'upgrade', revision: 'r', removed, added })
const rowsOf = (before: readonly number[], moves: readonly Move[]) =>
  toSteps(before, moves, (number) => `r${number}`).map(({ rows }) => rows)

describe('toSteps', () => {
  it('gives each step the rows after it, in load order', () => {
    expect(rowsOf([1, 4], [move([4], [5]), move([], [3]), move([1, 3, 5], [6])])).toEqual([
      ['r1', 'r5'],
      ['r1', 'r3', 'r5'],
      ['r6'],
    ])
  })

  it('works rows out when they are asked for, in any order, where writing them out would be too much', () => {
    const steps = toSteps(
      [],
      Array.from({ length: 3000 }, (_, number) => move([], [number])),
      (number) => `r${number}`,
    )

    expect(steps[2999]?.rows).toHaveLength(3000)
    expect(steps[1]?.rows).toEqual(['r0', 'r1'])
    expect(steps[1]?.rows).toEqual(['r0', 'r1'])
    expect(steps[2]).toEqual({ direction: 'upgrade', revision: 'r', rows: ['r0', 'r1', 'r2'] })
    expect(JSON.parse(JSON.stringify(steps[0]))).toEqual({ direction: 'upgrade', revision: 'r', rows: ['r0'] })
  })
})
