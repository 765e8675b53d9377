import { RevError } from '../errors/index.ts'
import { findOverlap, fullLineageOf } from './lineage.ts'
import { byLoadOrder, idOf, idsOf, type SoundLinks } from './links.ts'
import type { Plan, Step } from './plan-types.ts'
import { resolveBranch } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import { rowNumbers, unknownRows } from './rows.ts'
import { parseTarget } from './target.ts'

/*
 * Stamp: the table says something else afterwards, and nothing runs. The new rows are the destinations, and the old
 * rows that have nothing to do with any of them.
 *
 *   a ──┬── b ── c      rows [c, e], stamp b: [b, e]
 *       └── d ── e      rows [c, e], stamp a: [a]        rows [], stamp c e: [c, e]
 */

export interface StampOptions {
  /** Forget all rows first, also those that no file knows. */
  readonly purge?: boolean
}

/** One step for each destination that changes the rows. */
export function planStamp(
  links: SoundLinks,
  rows: readonly string[],
  targets: readonly string[],
  { purge = false }: StampOptions = {},
): Plan {
  const current = purge ? knownRows(links, rows) : rowNumbers(links, rows)
  const destinations = destinationsOf(links, idsOf(links, current), targets)
  if (destinations.length === 0) return stampBase(links, { rows, current, targets, purge })
  let before: readonly string[] = purge ? [...new Set(rows)] : idsOf(links, current)
  const kept = new Set(purge ? [] : current)
  const steps: Step[] = []
  for (const destination of destinations) {
    // A row that is kept costs a look at its lineage only while there are rows to lose.
    if (kept.size > 0) for (const related of fullLineageOf(links, destination)) kept.delete(related)
    kept.add(destination)
    const after = idsOf(links, byLoadOrder(kept))
    if (!sameMembers(before, after)) {
      steps.push({ direction: 'stamp', revision: idOf(links, destination), rows: after })
      before = after
    }
  }
  return { steps, rows: idsOf(links, byLoadOrder(kept)) }
}

function knownRows(links: SoundLinks, rows: readonly string[]): number[] {
  const unknown = new Set(unknownRows(links, rows))
  return rowNumbers(
    links,
    rows.filter((row) => !unknown.has(row)),
  )
}

/** The revisions to stamp, in the order they were named, each once. Throws REV_GRAPH_OVERLAPPING_TARGETS. */
function destinationsOf(links: SoundLinks, rows: readonly string[], targets: readonly string[]): number[] {
  // An empty table has no rows to count down from, so there -1 means what it means in listings.
  const downFromRows = rows.length > 0
  const reading = { rows, command: 'stamp', upFromRows: true, downFromRows, mayReachBase: true } as const
  const numbers = [...new Set(targets.flatMap((target) => resolveTarget(links, target, reading)))]
  const overlap = findOverlap(links, numbers)
  if (overlap === undefined) return numbers
  const [above, below] = [idOf(links, overlap.above), idOf(links, overlap.below)]
  throw new RevError('REV_GRAPH_OVERLAPPING_TARGETS', { targets: [...targets], above, below })
}

/** Every target means base: the rows of the named branches go, or all of them. */
function stampBase(
  links: SoundLinks,
  {
    rows,
    current,
    targets,
    purge,
  }: { rows: readonly string[]; current: readonly number[]; targets: readonly string[]; purge: boolean },
): Plan {
  let kept = purge ? [] : [...current]
  for (const text of targets) {
    const branch = resolveBranch(links, parseTarget(text))
    const related = branch === undefined ? undefined : fullLineageOf(links, branch.number)
    kept = kept.filter((number) => related !== undefined && !related.has(number))
  }
  const after = idsOf(links, kept)
  const before = purge ? [...new Set(rows)] : idsOf(links, current)
  if (sameMembers(before, after)) return { steps: [], rows: after }
  return { steps: [{ direction: 'stamp', revision: 'base', rows: after }], rows: after }
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(one)
  return members.size === other.length && other.every((member) => members.has(member))
}
