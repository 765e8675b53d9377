import { alg, Graph } from '@dagrejs/graphlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, isRevError } from '../../src/errors/index.ts'
import type { Plan, Step } from '../../src/graph/plan-types.ts'
import type { RevisionHeader } from '../../src/graph/revision.ts'
import { RevisionGraph } from '../../src/graph/revision-graph.ts'
import { rowChanges } from '../../src/graph/version-rows.ts'
import { ancestorsOf, appliedBy, isOldestFirst, maximal } from '../conformance/oracle.ts'
import { headers, headersAndSome, target } from './random-graph.ts'

const RUNS = { numRuns: 400 }
const sorted = (ids: Iterable<string>): string[] => [...ids].sort()
const idsOf = (steps: readonly Step[]): string[] => steps.map(({ revision }) => revision)
/** The rows of a database in which these revisions and all they need are applied. */
const rowsFor = (found: readonly RevisionHeader[], some: readonly string[]): string[] => {
  const ancestors = ancestorsOf(found)
  return maximal(ancestors, appliedBy(ancestors, some))
}

describe('plans', () => {
  it('run every revision after what it stands on, and undo it before', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)
        const ancestors = ancestorsOf(found)

        const up = graph.planUpgrade(rowsFor(found, some), 'heads')
        const down = graph.planDowngrade(graph.effectiveHeads(), 'base')

        expect(isOldestFirst(ancestors, idsOf(up.steps))).toBe(true)
        expect(sorted(idsOf(down.steps))).toEqual(sorted(graph.ids()))
        expect(isOldestFirst(ancestors, idsOf(down.steps).reverse())).toBe(true)
      }),
      RUNS,
    )
  })

  it('leave the maximal applied revisions as rows after every step', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)
        const rows = rowsFor(found, some)

        expectMaximalRows(found, rows, graph.planUpgrade(rows, 'heads'))
        expectMaximalRows(found, rows, graph.planDowngrade(rows, 'base'))
        for (const id of some) expectMaximalRows(found, rows, graph.planDowngrade(rows, id))
      }),
      RUNS,
    )
  })

  it('come back to nothing when everything is undone', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)

        const up = graph.planUpgrade([], rowsFor(found, some))
        const down = graph.planDowngrade(up.rows, 'base')

        expect(down.rows).toEqual([])
        expect(sorted(idsOf(down.steps))).toEqual(sorted(idsOf(up.steps)))
      }),
      RUNS,
    )
  })

  it('do the same in one go and in two', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)

        const first = graph.planUpgrade([], rowsFor(found, some))
        const second = graph.planUpgrade(first.rows, 'heads')
        const whole = graph.planUpgrade([], 'heads')

        expect(second.rows).toEqual(whole.rows)
        expect(sorted([...idsOf(first.steps), ...idsOf(second.steps)])).toEqual(sorted(idsOf(whole.steps)))
      }),
      RUNS,
    )
  })

  it('change rows one by one into what the step says', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)
        const rows = rowsFor(found, some)

        for (const plan of [graph.planUpgrade(rows, 'heads'), graph.planDowngrade(rows, 'base')]) {
          const table = new Set(rows)
          for (const step of plan.steps) {
            for (const change of rowChanges([...table], step.rows)) {
              if (change.kind !== 'insert')
                expect(table.delete(change.kind === 'update' ? change.from : change.revision)).toBe(true)
              const added =
                change.kind === 'update' ? change.to : change.kind === 'insert' ? change.revision : undefined
              if (added !== undefined) expect(table.size < table.add(added).size).toBe(true)
            }
            expect(sorted(table)).toEqual(sorted(step.rows))
          }
        }
      }),
      RUNS,
    )
  })

  it('do not depend on what revisions are called', () => {
    const rename = (name: string): string => `x${name}_`
    const all = (names: string | readonly string[] | null | undefined): string[] => [names ?? []].flat().map(rename)
    fc.assert(
      fc.property(headers, (found) => {
        const renamed = found.map((header) => ({
          revision: rename(header.revision),
          down_revision: all(header.down_revision),
          depends_on: all(header.depends_on),
          branch_labels: all(header.branch_labels),
        }))

        const plan = RevisionGraph.from(found).planUpgrade([], 'heads')
        const other = RevisionGraph.from(renamed).planUpgrade([], 'heads')

        expect(idsOf(other.steps)).toEqual(idsOf(plan.steps).map(rename))
      }),
      RUNS,
    )
  })

  it('survive being written as JSON', () => {
    fc.assert(
      fc.property(headers, (found) => {
        const plan = RevisionGraph.from(found).planUpgrade([], 'heads')

        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
      }),
      { numRuns: 50 },
    )
  })
})

describe('stamp', () => {
  it('leaves rows that are independent of each other, and contain every destination', () => {
    fc.assert(
      fc.property(headersAndSome, fc.nat(), ({ headers: found, some }, cut) => {
        const graph = RevisionGraph.from(found)
        const [rows, targets] = [rowsFor(found, some.slice(cut % 5)), rowsFor(found, some.slice(0, cut % 5))]
        fc.pre(targets.length > 0)
        const ancestors = ancestorsOf(found)

        const plan = graph.planStamp(rows, targets)

        expect(sorted(maximal(ancestors, appliedBy(ancestors, plan.rows)))).toEqual(sorted(plan.rows))
        expect(targets.filter((id) => !plan.rows.includes(id))).toEqual([])
        if (plan.steps.length === 0) expect(sorted(plan.rows)).toEqual(sorted(rows))
        else expect(plan.steps.at(-1)?.rows).toEqual(plan.rows)
      }),
      RUNS,
    )
  })
})

describe('history', () => {
  it('lists everything once, newest first', () => {
    fc.assert(
      fc.property(headers, (found) => {
        const graph = RevisionGraph.from(found)

        const ids = graph.history()

        expect(sorted(ids)).toEqual(sorted(graph.ids()))
        expect(isOldestFirst(ancestorsOf(found), ids.toReversed())).toBe(true)
      }),
      RUNS,
    )
  })

  it('of a range holds the line above its start, newest first', () => {
    fc.assert(
      fc.property(headersAndSome, ({ headers: found, some }) => {
        const graph = RevisionGraph.from(found)
        const ancestors = ancestorsOf(found)
        for (const id of some) {
          const ids = graph.history(`${id}:`)

          expect(ids.at(-1)).toBe(id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids.slice(0, -1).every((other) => ancestors.get(other)?.has(id))).toBe(true)
          expect(isOldestFirst(ancestors, ids.toReversed())).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

describe('targets', () => {
  it('either mean something or are an error with a code of the catalogue', () => {
    fc.assert(
      fc.property(headersAndSome, target, target, ({ headers: found, some }, text, other) => {
        const graph = RevisionGraph.from(found)
        const rows = rowsFor(found, some)
        const questions: (() => unknown)[] = [
          () => graph.planUpgrade(rows, text),
          () => graph.planUpgrade(rows, [text, other]),
          () => graph.planUpgrade(some, text, { only: true }),
          () => graph.planDowngrade(rows, text),
          () => graph.planDowngrade(some, text, { only: true }),
          () => graph.planStamp(rows, [text, other]),
          () => graph.planStamp(['nosuch', ...rows], [text], { purge: true }),
          () => graph.history(`${text}:${other}`, rows),
          () => graph.resolve(text),
          () => graph.resolve(text, rows),
          () => graph.parentsFor([text], { splice: true }),
          () => graph.startingRows(`${text},${other}`),
        ]

        for (const question of questions) expectAnswerOrRevError(question)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('cycles', () => {
  const wild = fc.array(fc.tuple(fc.array(fc.nat(11), { maxLength: 2 }), fc.array(fc.nat(11), { maxLength: 1 })), {
    minLength: 1,
    maxLength: 12,
  })

  it('are found exactly when another library finds them, and are drawn along real arrows', () => {
    fc.assert(
      fc.property(wild, (drafts) => {
        const ids = (numbers: readonly number[]) => [...new Set(numbers.map((number) => `r${number % drafts.length}`))]
        const found = drafts.map(([down, deps], index) => ({
          revision: `r${index}`,
          down_revision: ids(down),
          depends_on: ids(deps),
        }))
        const oracle = new Graph()
        for (const { revision } of found) oracle.setNode(revision)
        for (const { revision, down_revision, depends_on } of found) {
          for (const below of [...down_revision, ...depends_on]) oracle.setEdge(below, revision)
        }

        const cycles = cyclesOf(found)

        expect(cycles.length > 0).toBe(alg.findCycles(oracle).length > 0)
        for (const cycle of cycles) {
          for (const [place, id] of cycle.entries()) {
            expect(oracle.hasEdge(id, cycle[(place + 1) % cycle.length] ?? '')).toBe(true)
          }
        }
      }),
      RUNS,
    )
  })
})

function cyclesOf(found: readonly RevisionHeader[]): (readonly string[])[] {
  try {
    RevisionGraph.from(found)
    return []
  } catch (error) {
    if (!isRevError(error, 'REV_GRAPH_INVALID')) throw error
    return error.details.problems.map(({ related }) => related ?? [])
  }
}

function expectMaximalRows(found: readonly RevisionHeader[], rows: readonly string[], plan: Plan): void {
  const ancestors = ancestorsOf(found)
  const applied = appliedBy(ancestors, rows)
  for (const { direction, revision, rows: after } of plan.steps) {
    if (direction === 'upgrade') applied.add(revision)
    else applied.delete(revision)
    expect(sorted(after)).toEqual(sorted(maximal(ancestors, applied)))
  }
  expect(sorted(plan.rows)).toEqual(sorted(maximal(ancestors, applied)))
}

function expectAnswerOrRevError(question: () => unknown): void {
  try {
    question()
  } catch (error) {
    if (!isRevError(error) || error.code === 'REV_INTERNAL' || !(error.code in catalogue)) throw error
    expect(error.message).not.toMatch(/undefined|NaN|\[object/)
    expect(error.hint).toBeTruthy()
  }
}
