import { RevError } from '../errors/index.ts'
import { findOverlap, withAncestors } from './lineage.ts'
import { byLoadOrder, entryAt, idOf, idsOf, named, type SoundLinks } from './links.ts'
import { newestFirst } from './order.ts'
import type { Plan } from './plan-types.ts'
import { resolveTarget } from './resolve-target.ts'
import { type Move, toSteps } from './row-trail.ts'
import { assertIndependentRows, rowNumbers } from './rows.ts'
import { parseTarget } from './target.ts'

/*
 * Upgrade: everything at or below the targets that is not applied yet, oldest first.
 *
 *   a ── b ──┬── c ── d      rows [b], target d: c d, rows after each: [c], [d]
 *            └── e           rows [c], target e: e, rows after it: [c, e]
 */

export interface UpgradeOptions {
  /** Run exactly the named revision, or say what stands in the way. */
  readonly only?: boolean
}

/** Steps from the rows up to the targets. Going to something that is applied already is an empty plan. */
export function planUpgrade(
  links: SoundLinks,
  rows: readonly string[],
  targets: readonly string[],
  options: UpgradeOptions = {},
): Plan {
  const numbers = upgradeTargets(links, rows, targets)
  const current = rowNumbers(links, rows)
  assertIndependentRows(links, current)
  const overlap = findOverlap(links, numbers)
  if (overlap !== undefined && !options.only) {
    const [above, below] = [idOf(links, overlap.above), idOf(links, overlap.below)]
    throw new RevError('REV_GRAPH_OVERLAPPING_TARGETS', { targets: [...targets], above, below })
  }
  const wanted = withAncestors(links, numbers)
  for (const number of withAncestors(links, current)) wanted.delete(number)
  const order = newestFirst({
    wanted,
    starts: numbers,
    within: wanted,
    above: links.above,
    effectiveDown: links.effectiveDown,
  }).reverse()
  if (options.only) assertOnly(links, numbers, { order, target: targets.join(' ') })
  return toPlan(links, current, order)
}

function upgradeTargets(links: SoundLinks, rows: readonly string[], targets: readonly string[]): number[] {
  const numbers = targets.flatMap((text) => {
    const target = parseTarget(text)
    if (target.place === undefined && target.steps < 0) {
      const suggestion = `to go down: rev downgrade ${text}`
      throw new RevError('REV_GRAPH_WRONG_DIRECTION', { target: text, direction: 'upgrade', suggestion })
    }
    return resolveTarget(links, text, { rows, command: 'upgrade', upFromRows: true })
  })
  return byLoadOrder(new Set(numbers))
}

function assertOnly(
  links: SoundLinks,
  numbers: readonly number[],
  { order, target }: { order: readonly number[]; target: string },
): void {
  const [only, ...others] = numbers
  if (only === undefined || others.length > 0) {
    throw new RevError('REV_GRAPH_SEVERAL_REVISIONS', { target, revisions: idsOf(links, numbers) })
  }
  const blockers = order.filter((number) => number !== only)
  if (blockers.length === 0) return
  throw new RevError('REV_GRAPH_ONLY_BLOCKED', {
    revision: idOf(links, only),
    direction: 'upgrade',
    blockers: blockers.map((number) => named(links, number)),
  })
}

/** A revision that is applied takes the place of the rows right below it; nothing can be applied above it yet. */
function toPlan(links: SoundLinks, current: readonly number[], order: readonly number[]): Plan {
  const rows = new Set(current)
  const moves = order.map((number): Move => {
    const removed = (links.below[number] ?? []).filter((below) => rows.delete(below))
    rows.add(number)
    return { direction: 'upgrade', revision: entryAt(links.revisions, number).revision, removed, added: [number] }
  })
  return {
    steps: toSteps(current, moves, (number) => idOf(links, number)),
    rows: idsOf(links, byLoadOrder(rows)),
  }
}
