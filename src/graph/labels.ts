import { entryAt, type Links } from './links.ts'

/*
 * Which labels a revision is shown with. A label goes up to every line descendant, and down to the previous branch or
 * merge point, which does not get it:
 *
 *   a ──┬── b ── c (pear) ── d ── e      pear: b, c, d, e
 *       └── x
 *
 * Dependencies carry no labels. Whether a revision belongs to a branch is a question of lineage, not of these labels.
 */

const NONE: readonly string[] = []

/** The labels of every revision, declared and inherited, sorted. `order` has what is below first. */
export function propagateLabels(links: Links, order: readonly number[]): readonly (readonly string[])[] {
  const fromBelow: (readonly string[])[] = links.revisions.map(() => NONE)
  for (const number of order) {
    const inherited = (links.down[number] ?? []).map((target) => fromBelow[target] ?? NONE)
    fromBelow[number] = join([...inherited, entryAt(links.revisions, number).branchLabels])
  }
  const fromAbove: (readonly string[])[] = links.revisions.map(() => NONE)
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const number = entryAt(order, index)
    const child = links.children[number]?.[0]
    // A branch point has several children, or a child and a dependent; either ends the way down, and so does a merge.
    if (child === undefined || isJoint(links, number) || isMergePoint(links, child)) continue
    fromAbove[number] = join([fromAbove[child] ?? NONE, entryAt(links.revisions, child).branchLabels])
  }
  return fromBelow.map((labels, number) => [...join([labels, fromAbove[number] ?? NONE])].sort())
}

function isJoint(links: Links, number: number): boolean {
  return (links.above[number]?.length ?? 0) > 1 || isMergePoint(links, number)
}

function isMergePoint(links: Links, number: number): boolean {
  return (links.down[number]?.length ?? 0) > 1
}

/** The union; where only one of the lists has anything, that very list, so that a long line shares one. */
function join(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((list) => list.length > 0)
  if (filled.length <= 1) return filled[0] ?? NONE
  return [...new Set(filled.flat())]
}
