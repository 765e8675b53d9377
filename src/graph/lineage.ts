import type { Edges, Links } from './links.ts'

/*
 * Who is above and below whom. "Line" follows down revisions only; "full" follows dependencies as well.
 *
 *   a ── b ── c          line ancestors of c: a, b
 *        └── d (dep x)   full ancestors of d: a, b, x
 *   x
 */

/** The revisions themselves and all that can be reached from them along `edges`. */
export function reach(edges: Edges, starts: Iterable<number>): Set<number> {
  const reached = new Set(starts)
  // A set is walked in the order of insertion, including what is inserted meanwhile: no queue is needed.
  for (const number of reached) for (const target of edges[number] ?? []) reached.add(target)
  return reached
}

/** The same, without leaving `within`. */
export function reachWithin(edges: Edges, starts: Iterable<number>, within: ReadonlySet<number>): Set<number> {
  const reached = new Set(starts)
  for (const number of reached) {
    for (const target of edges[number] ?? []) if (within.has(target)) reached.add(target)
  }
  return reached
}

/** The revisions and everything that had to be applied before them. */
export function withAncestors(links: Links, starts: Iterable<number>): Set<number> {
  return reach(links.below, starts)
}

/** The revisions and everything that stands or depends on them. */
export function withDescendants(links: Links, starts: Iterable<number>): Set<number> {
  return reach(links.above, starts)
}

/** The line of history through one revision: its line ancestors, itself, its line descendants. */
export function lineOf(links: Links, number: number): Set<number> {
  const line = reach(links.down, [number])
  for (const other of reach(links.children, [number])) line.add(other)
  return line
}

/** Everything related to a revision, dependencies included: full ancestors, itself, full descendants. */
export function fullLineageOf(links: Links, number: number): Set<number> {
  const lineage = withAncestors(links, [number])
  for (const other of withDescendants(links, [number])) lineage.add(other)
  return lineage
}

/** Members of a set that is closed downward (`within`) with nothing of the set above them; in the given order. */
export function maximal(links: Links, numbers: Iterable<number>, within: ReadonlySet<number>): number[] {
  return [...numbers].filter((number) => !links.above[number]?.some((other) => within.has(other)))
}

/** Two of the revisions of which one is an ancestor of the other; undefined when all are independent. */
export function findOverlap(links: Links, numbers: readonly number[]): { above: number; below: number } | undefined {
  const among = new Set(numbers)
  const closed = withAncestors(links, among)
  const tops = new Set(maximal(links, among, closed))
  const below = numbers.find((number) => !tops.has(number))
  if (below === undefined) return undefined
  for (const above of withDescendants(links, [below])) if (tops.has(above)) return { above, below }
  return undefined
}
