import { RevError } from '../errors/index.ts'
import { findOverlap, fullLineageOf } from './lineage.ts'
import { byLoadOrder, idOf, idsOf, type SoundLinks } from './links.ts'
import type { Plan } from './plan-types.ts'
import { resolveBranch } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import { type Move, toSteps } from './row-trail.ts'
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

/**
 * One step for each destination that changes the rows, in the order they were named. Throws REV_GRAPH_UNKNOWN_ROW
 * unless the rows are purged, REV_GRAPH_OVERLAPPING_TARGETS, and the errors of targets.
 */
export function planStamp(
  links: SoundLinks,
  rows: readonly string[],
  targets: readonly string[],
  { purge = false }: StampOptions = {},
): Plan {
  const current = purge ? knownRows(links, rows) : rowNumbers(links, rows)
  const destinations = destinationsOf(links, idsOf(links, current), targets)
  const before = purge ? [] : current
  if (destinations.length === 0) return stampBase(links, { rows, kept: before, targets })
  const { moves, after } = movesTo(links, before, destinations)
  const isUnchanged = moves.length === 0 || (purge && sameMembers(rows, idsOf(links, after)))
  return {
    steps: isUnchanged ? [] : toSteps(before, moves, (number) => idOf(links, number)),
    rows: idsOf(links, after),
  }
}

function movesTo(
  links: SoundLinks,
  before: readonly number[],
  destinations: readonly number[],
): { moves: Move[]; after: number[] } {
  // Destinations are independent of each other, so only the old rows can be in the way of one.
  const old = new Set(before)
  const rows = new Set(before)
  const moves: Move[] = []
  for (const destination of destinations) {
    const isRow = old.delete(destination)
    const related = old.size === 0 ? new Set<number>() : fullLineageOf(links, destination)
    const removed = [...old].filter((number) => related.has(number))
    for (const number of removed) {
      old.delete(number)
      rows.delete(number)
    }
    rows.add(destination)
    if (isRow && removed.length === 0) continue
    const added = isRow ? [] : [destination]
    moves.push({ direction: 'stamp', revision: idOf(links, destination), removed, added })
  }
  return { moves, after: byLoadOrder(rows) }
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
  { rows, kept, targets }: { rows: readonly string[]; kept: readonly number[]; targets: readonly string[] },
): Plan {
  const gone = new Set<number>()
  for (const text of targets) {
    const branch = resolveBranch(links, parseTarget(text))
    const related = branch === undefined ? kept : fullLineageOf(links, branch.number)
    for (const number of related) gone.add(number)
  }
  const after = idsOf(
    links,
    kept.filter((number) => !gone.has(number)),
  )
  if (sameMembers(rows, after)) return { steps: [], rows: after }
  return { steps: [{ direction: 'stamp', revision: 'base', rows: after }], rows: after }
}

function sameMembers(rows: readonly string[], after: readonly string[]): boolean {
  const members = new Set(rows)
  return members.size === after.length && after.every((row) => members.has(row))
}
