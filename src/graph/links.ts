import { RevError } from '../errors/index.ts'
import type { Revision } from './revision.ts'

/*
 * The graph as numbers. A revision's number is its place in load order, so sorting numbers is sorting by load order,
 * and every walk works on plain arrays. Only the edges of this file turn ids into numbers and back.
 *
 *   a ── b ──┬── c            down[3] = [1], children[1] = [2, 3]
 *            └── d (dep c)    dependsOn[3] = [2], below[3] = [1, 2], above[2] = [3]
 */

/** For each revision, other revisions. */
export type Edges = readonly (readonly number[])[]

/** Revisions and everything that ties them together. */
export interface Links {
  readonly revisions: readonly Revision[]
  readonly numbers: ReadonlyMap<string, number>
  /** Each declared label, and the revision that declares it. */
  readonly labelled: ReadonlyMap<string, number>
  /** Down revisions, as written. */
  readonly down: Edges
  readonly dependsOn: Edges
  /** Down revisions, then dependencies, without repeats: all that must be applied first. */
  readonly below: Edges
  /** The other way round, in load order. */
  readonly children: Edges
  readonly dependents: Edges
  readonly above: Edges
}

/** The links of a graph that has no problems, and what can only be known then. */
export interface SoundLinks extends Links {
  /** Every revision once, what is below first. */
  readonly order: readonly number[]
  /** Down revisions, then the dependencies that no line ancestor declares already. */
  readonly effectiveDown: Edges
}

const NONE: readonly number[] = []

/** Ties revisions together. Names that nothing answers to are left out; `findProblems` reports them. */
export function linkRevisions(revisions: readonly Revision[]): Links {
  const numbers = new Map<string, number>()
  const labelled = new Map<string, number>()
  revisions.forEach(({ revision, branchLabels }, number) => {
    if (!numbers.has(revision)) numbers.set(revision, number)
    for (const label of branchLabels) if (!labelled.has(label)) labelled.set(label, number)
  })
  const numbersOf = (names: readonly string[], withLabels: boolean): readonly number[] => {
    if (names.length === 0) return NONE
    const found = names.map((name) => numbers.get(name) ?? (withLabels ? labelled.get(name) : undefined))
    return [...new Set(found.filter((number) => number !== undefined))]
  }
  const down = revisions.map(({ downRevisions }) => numbersOf(downRevisions, false))
  const dependsOn = revisions.map((revision) => numbersOf(revision.dependsOn, true))
  const below = union(down, dependsOn)
  return {
    revisions,
    numbers,
    labelled,
    down,
    dependsOn,
    below,
    children: reverse(down),
    dependents: reverse(dependsOn),
    above: reverse(below),
  }
}

function union(first: Edges, second: Edges): Edges {
  return first.map((these, number) => {
    const those = second[number] ?? NONE
    if (those.length === 0) return these
    return these.length === 0 ? those : [...new Set([...these, ...those])]
  })
}

function reverse(edges: Edges): Edges {
  const reversed: number[][] = edges.map(() => [])
  edges.forEach((targets, number) => {
    for (const target of targets) reversed[target]?.push(number)
  })
  return reversed
}

/** What `list` holds at `index`; never used with an index that might be outside. */
export function entryAt<T>(list: readonly T[], index: number): T {
  const entry = list[index]
  if (entry === undefined) throw new RevError('REV_INTERNAL', { what: `no entry ${index} in a list of ${list.length}` })
  return entry
}

export function idOf(links: Links, number: number): string {
  return entryAt(links.revisions, number).revision
}

export function idsOf(links: Links, numbers: Iterable<number>): string[] {
  return Array.from(numbers, (number) => idOf(links, number))
}

/** Id and file, for errors. */
export function named(links: Links, number: number): { revision: string; file: string | undefined } {
  const { revision, file } = entryAt(links.revisions, number)
  return { revision, file }
}

export function byLoadOrder(numbers: Iterable<number>): number[] {
  return [...numbers].sort((one, other) => one - other)
}
