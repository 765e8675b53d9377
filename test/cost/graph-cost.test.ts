import { describe, expect, it } from 'vitest'
import type { RevisionHeader } from '../../src/graph/revision.ts'
import { RevisionGraph } from '../../src/graph/revision-graph.ts'

/*
 * Large histories. The bounds are generous, for slow machines: what they catch is
 * work that grows with the square of the history, which would take minutes here, and recursion, which would not end well.
 */

const chain = (length: number): RevisionHeader[] =>
  Array.from({ length }, (_, index) => ({ revision: `r${index}`, down_revision: index === 0 ? null : `r${index - 1}` }))

/** Repeatable numbers that look random. */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

function secondsOf(work: () => void): number {
  const start = performance.now()
  work()
  return (performance.now() - start) / 1000
}

function everything(headers: readonly RevisionHeader[]): void {
  const graph = RevisionGraph.from(headers)
  const up = graph.planUpgrade([], 'heads')
  const down = graph.planDowngrade(up.rows, 'base')
  expect(up.steps).toHaveLength(headers.length)
  expect(down.steps).toHaveLength(headers.length)
  expect(down.rows).toEqual([])
  expect(graph.history()).toHaveLength(headers.length)
  expect(graph.planStamp([], 'heads').rows).toEqual(up.rows)
  for (const id of graph.ids()) graph.describe(id)
}

describe('large histories', () => {
  it('of one line of 100,000 revisions are read, planned up and down, and listed', () => {
    expect(secondsOf(() => everything(chain(100_000)))).toBeLessThan(15)
  })

  it('take about ten times as long for ten times the length', () => {
    const short = chain(10_000)
    const long = chain(100_000)
    everything(short)

    const ratio = secondsOf(() => everything(long)) / secondsOf(() => everything(short))

    expect(ratio).toBeLessThan(60)
  })

  it('of 10,000 revisions with branches, merges and dependencies anywhere are planned within a second', () => {
    const next = numbersFrom(12345)
    const anyBelow = (index: number): string => `r${Math.floor(next() * index)}`
    const headers = Array.from({ length: 10_000 }, (_, index) => ({
      revision: `r${index}`,
      down_revision:
        index === 0 ? null : [...new Set(next() < 0.3 ? [anyBelow(index), anyBelow(index)] : [anyBelow(index)])],
      depends_on: index > 0 && next() < 0.1 ? anyBelow(index) : null,
    }))
    everything(headers)

    const seconds = secondsOf(() => RevisionGraph.from(headers).planUpgrade([], 'heads'))

    expect(seconds).toBeLessThan(1)
  })

  it('with 20,000 heads on one base do not take the square of that', () => {
    const headers = chain(20_000).map(({ revision }, index) => ({ revision, down_revision: index === 0 ? null : 'r0' }))

    expect(secondsOf(() => everything(headers))).toBeLessThan(10)
    const plan = RevisionGraph.from(headers).planUpgrade([], 'heads')
    expect(plan.steps[9_999]?.rows).toHaveLength(9_999)
    expect(plan.steps[10]?.rows).toHaveLength(10)
    expect(plan.steps.at(-1)?.rows).toEqual(plan.rows)
  })

  it('of two long lines that depend on each other step by step end in a valid order', () => {
    const headers = chain(20_000).flatMap(({ revision, down_revision }) => [
      { revision: `a_${revision}`, down_revision: down_revision === null ? null : `a_${down_revision}` },
      {
        revision: `b_${revision}`,
        down_revision: down_revision === null ? null : `b_${down_revision}`,
        depends_on: `a_${revision}`,
      },
    ])
    const place = new Map<string, number>()

    const seconds = secondsOf(() => everything(headers))
    const { steps } = RevisionGraph.from(headers).planUpgrade([], 'heads')
    steps.forEach(({ revision }, index) => {
      place.set(revision, index)
    })
    const isBefore = (one: string, other: string): boolean => (place.get(one) ?? 0) < (place.get(other) ?? 0)

    expect(
      headers.every(({ revision, down_revision }) => down_revision === null || isBefore(down_revision, revision)),
    ).toBe(true)
    expect(chain(20_000).every(({ revision }) => isBefore(`a_${revision}`, `b_${revision}`))).toBe(true)
    expect(seconds).toBeLessThan(15)
  })

  it('with a cycle of 100,000 revisions say so', () => {
    const headers = chain(100_000).map((header, index) =>
      index === 0 ? { ...header, down_revision: 'r99999' } : header,
    )

    expect(() => RevisionGraph.from(headers)).toThrow(expect.objectContaining({ code: 'REV_GRAPH_INVALID' }))
  })

  it('without any of their down revisions say so', () => {
    const headers = chain(20_000).map(({ revision }) => ({ revision, down_revision: `${revision}missing` }))

    const seconds = secondsOf(() => {
      expect(() => RevisionGraph.from(headers)).toThrow(expect.objectContaining({ code: 'REV_GRAPH_INVALID' }))
    })

    expect(seconds).toBeLessThan(10)
  })
})
