import { describe, expect, it } from 'vitest'
import { findCycles, topologicalOrder } from '../../../src/graph/cycles.ts'

describe('findCycles', () => {
  it('finds nothing where there is nothing', () => {
    expect(findCycles([[1, 2], [3], [3], []])).toEqual([])
    expect(findCycles([])).toEqual([])
  })

  it('finds each cycle once, beginning with its first loaded revision, along the arrows', () => {
    //   2 -> 0 -> 1 -> 2      3 -> 3      1 -> 4
    expect(findCycles([[1], [2, 4], [0], [3], []])).toEqual([[0, 1, 2], [3]])
  })

  it('draws the shortest way round a knot', () => {
    //   0 -> 1 -> 2 -> 0      2 -> 3 -> 0
    expect(findCycles([[1], [2], [3, 0], [0]])).toEqual([[0, 1, 2]])
  })
})

describe('topologicalOrder', () => {
  it('puts what is below first, and leaves out what a cycle holds', () => {
    expect(topologicalOrder([[1], [], [0]], [[2], [0], []])).toEqual([1, 0, 2])
    expect(topologicalOrder([[1], [0], []], [[1], [0], []])).toEqual([2])
  })
})
