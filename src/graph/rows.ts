import { RevError } from '../errors/index.ts'
import { findOverlap } from './lineage.ts'
import { byLoadOrder, idOf, type Links } from './links.ts'
import { nearNames } from './near-names.ts'

/** Rows that no revision has as its id, in table order, each once. Rows are never completed: a short one is unknown. */
export function unknownRows(links: Links, rows: readonly string[]): string[] {
  return [...new Set(rows)].filter((row) => !links.numbers.has(row))
}

/** The revisions of the rows, each once, in load order. Throws REV_GRAPH_UNKNOWN_ROW, naming all that are unknown. */
export function rowNumbers(links: Links, rows: readonly string[]): number[] {
  const unknown = unknownRows(links, rows)
  if (unknown.length > 0) {
    const near = unknown.flatMap((row) => nearNames(row, links.numbers.keys()))
    throw new RevError('REV_GRAPH_UNKNOWN_ROW', { rows: unknown, near: [...new Set(near)] })
  }
  return byLoadOrder(new Set(rows.flatMap((row) => links.numbers.get(row) ?? [])))
}

/** Throws REV_GRAPH_OVERLAPPING_ROWS when one row is an ancestor of another, which no run of rev leaves behind. */
export function assertIndependentRows(links: Links, numbers: readonly number[]): void {
  const overlap = findOverlap(links, numbers)
  if (overlap === undefined) return
  throw new RevError('REV_GRAPH_OVERLAPPING_ROWS', {
    rows: numbers.map((number) => idOf(links, number)),
    above: idOf(links, overlap.above),
    below: idOf(links, overlap.below),
  })
}
