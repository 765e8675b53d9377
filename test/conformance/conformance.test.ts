import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isRevError } from '../../src/errors/index.ts'
import type { Plan } from '../../src/graph/plan-types.ts'
import type { RevisionGraph } from '../../src/graph/revision-graph.ts'
import { type Case, cases } from './cases.ts'
import { type Decided, decisions } from './decisions.ts'
import { kindOf } from './kind-of-error.ts'
import { ancestorsOf, appliedBy, isOldestFirst, maximal } from './oracle.ts'
import { type Answer, runCase } from './run-case.ts'

/*
 * Every recorded answer of Alembic is compared. Steps must be the same ones, in the same order where only one order is
 * possible, else in any valid one; after each step the rows must be the maximal applied revisions. An error must be a
 * RevError of the same kind. `*_sql` cases are about scripts; here only success and the kind of error count.
 */
describe('the recorded answers of Alembic', () => {
  for (const found of cases) {
    it(`${found.id}: ${found.command} ${found.target ?? ''} (${found.about})`, () => {
      const decided = decisions[found.id]
      if (decided !== undefined) expectDecided(found, decided)
      else if (found.expect.ok || found.model_heads_after !== undefined) expectSame(found, runCase(found))
      else expectError(found, kindOf(found))
    })
  }
})

describe('the list of decisions', () => {
  it('names recorded cases only, and decisions that are written down', () => {
    const known = new Set(cases.map(({ id }) => id))
    const written = readFileSync(new URL('../../docs/decisions.md', import.meta.url), 'utf8')

    const unknown = Object.keys(decisions).filter((id) => !known.has(id))
    const unwritten = Object.values(decisions).filter(({ decision }) => !written.includes(`## ${decision}. `))

    expect({ unknown, unwritten }).toEqual({ unknown: [], unwritten: [] })
  })

  it('leaves all other cases to the comparison', () => {
    expect({ cases: cases.length, decided: Object.keys(decisions).length }).toEqual({ cases: 1148, decided: 54 })
  })
})

function expectSame(found: Case, answer: Answer): void {
  if (answer.kind === 'graph') expectFacts(found, answer.graph)
  else if (answer.kind === 'ids') expectListing(found, answer.ids)
  else if (!found.command.endsWith('_sql')) expectPlan(found, answer.plan)
}

function expectPlan(found: Case, plan: Plan): void {
  const { expect: recorded, current, command } = found
  const after = found.model_heads_after ?? recorded.heads_after ?? []
  expect(sorted(plan.rows)).toEqual(sorted(after))
  if (command === 'stamp') {
    expectStamp(plan)
    return
  }

  const revisions = plan.steps.map(({ revision }) => revision)
  // Where Alembic broke off in the middle, its steps are not all of them.
  if (recorded.ok && recorded.steps !== undefined) {
    const wanted = recorded.steps.map(({ revision }) => revision)
    if (found.order_forced === true) expect(revisions).toEqual(wanted)
    else expect(sorted(revisions)).toEqual(sorted(wanted))
  }
  const ancestors = ancestorsOf(found.revisions)
  expect(isOldestFirst(ancestors, command === 'upgrade' ? revisions : revisions.toReversed())).toBe(true)

  const applied = appliedBy(ancestors, current)
  for (const step of plan.steps) {
    if (command === 'upgrade') applied.add(step.revision)
    else applied.delete(step.revision)
    expect({ ...step, rows: sorted(step.rows) }).toEqual({
      direction: command,
      revision: step.revision,
      rows: sorted(maximal(ancestors, applied)),
    })
  }
}

function expectStamp({ steps, rows }: Plan): void {
  expect(steps.every(({ direction }) => direction === 'stamp')).toBe(true)
  if (steps.length > 0) expect(steps.at(-1)?.rows).toEqual(rows)
}

function expectListing({ expect: recorded, command, result_stable }: Case, ids: readonly string[]): void {
  const result = recorded.result as readonly string[]
  // Only the order of history says something; the others are sets, which Alembic lists in the order of a hash table.
  if (command === 'history' && result_stable) expect(ids).toEqual(result)
  else expect(sorted(ids)).toEqual(sorted(new Set(result)))
}

interface RecordedFacts {
  readonly down: readonly string[]
  readonly deps: readonly string[]
  readonly effective_down: readonly string[]
  readonly children: readonly string[]
  readonly all_children: readonly string[]
  readonly labels: readonly string[]
  readonly head: boolean
  readonly effective_head: boolean
  readonly base: boolean
  readonly effective_base: boolean
  readonly branch_point: boolean
  readonly merge_point: boolean
}

function expectFacts({ expect: recorded }: Case, graph: RevisionGraph, labels: Decided['labels'] = {}): void {
  for (const [id, facts] of Object.entries((recorded.result ?? {}) as Record<string, RecordedFacts>)) {
    const found = graph.describe(id)
    expect({
      down: found.downRevisions,
      deps: sorted(found.dependsOn),
      effective_down: sorted(found.effectiveDownRevisions),
      children: sorted(found.children),
      all_children: sorted(new Set([...found.children, ...found.dependents])),
      labels: found.labels,
      head: found.isHead,
      effective_head: found.isEffectiveHead,
      base: found.isBase,
      effective_base: found.isEffectiveBase,
      branch_point: found.isBranchPoint,
      merge_point: found.isMergePoint,
    }).toEqual({
      ...facts,
      deps: sorted(facts.deps),
      effective_down: sorted(facts.effective_down),
      children: sorted(facts.children),
      all_children: sorted(facts.all_children),
      labels: sorted(new Set([...facts.labels, ...(labels[id] ?? [])])),
    })
  }
}

function expectError(found: Case, kind: { code: string; problem?: string }): void {
  let thrown: unknown
  try {
    runCase(found)
  } catch (error) {
    thrown = error
  }
  if (!isRevError(thrown)) throw new Error(`expected ${kind.code}`, { cause: thrown })
  expect(thrown.code).toBe(kind.code)
  if (!isRevError(thrown, 'REV_GRAPH_INVALID')) {
    expect(thrown.hint).toBeTruthy()
    return
  }
  const { problems } = thrown.details
  expect(new Set(problems.map((problem) => problem.code))).toEqual(new Set([kind.problem]))
  expect(problems.every(({ hint }) => hint)).toBe(true)
}

function expectDecided(found: Case, decided: Decided): void {
  const { error, problem } = decided
  if (error !== undefined) {
    expectError(found, problem === undefined ? { code: error } : { code: error, problem })
    return
  }
  const answer = runCase(found)
  if (answer.kind === 'graph') expectFacts(found, answer.graph, decided.labels)
  else if (answer.kind === 'ids') expect(answer.ids).toEqual(decided.ids)
  else {
    expect(sorted(answer.plan.rows)).toEqual(sorted(decided.rows ?? []))
    if (decided.steps !== undefined) expect(answer.plan.steps.map(({ revision }) => revision)).toEqual(decided.steps)
  }
}

function sorted(ids: Iterable<string>): string[] {
  return [...ids].sort()
}
