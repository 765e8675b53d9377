import { withAncestors } from './lineage.ts'
import { byLoadOrder, idsOf, type Links } from './links.ts'
import { lineTips } from './relative.ts'
import { rowNumbers } from './rows.ts'

/*
 * Where a database is: its rows, and the ends of other lines that the rows imply by dependencies.
 *
 *   x ── y                rows [c]: c, and y, which has no row because c depends on it
 *   a ── b ── c (dep y)
 */

/** The rows and the tips that they imply, in load order. Throws REV_GRAPH_UNKNOWN_ROW. */
export function currentRevisions(links: Links, rows: readonly string[]): string[] {
  const numbers = rowNumbers(links, rows)
  const tips = lineTips(links, withAncestors(links, numbers))
  return idsOf(links, byLoadOrder(new Set([...numbers, ...tips])))
}
