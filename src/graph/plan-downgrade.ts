import { RevError } from '../errors/index.ts'
import { lineOf, maximal, reach, reachWithin, withAncestors } from './lineage.ts'
import { byLoadOrder, entryAt, idOf, idsOf, named, type SoundLinks } from './links.ts'
import { newestFirst } from './order.ts'
import type { Plan } from './plan-types.ts'
import { assertFarEnough, startUp, walkDown, walkUp } from './relative.ts'
import { type Branch, bases, resolveBranch, resolveSingle } from './resolve.ts'
import { resolveTarget, startOfDown } from './resolve-target.ts'
import { type Move, toSteps } from './row-trail.ts'
import { rowNumbers } from './rows.ts'
import { parseTarget } from './target.ts'

/*
 * Downgrade: undo what was built on the target, newest first. Everything else stays, other branches included.
 *
 *   a ── b ──┬── c ── d      rows [d, e], target c: d, rows after it: [c, e]
 *            └── e           rows [d, e], target b: d c e, rows after each: [c, e], [e], [b]
 *                            rows [d, e], target c@b: d c: the branch says which side of b to undo
 */

export interface DowngradeOptions {
  /** Revert exactly the named revision, which is then not the place to go to, or say what stands in the way. */
  readonly only?: boolean
}

/** Where a downgrade goes: a revision or base (undefined), and the branch that limits what is undone. */
interface Destination {
  readonly number: number | undefined
  readonly branch: Branch | undefined
}

/** Steps from the rows down to the target. Empty when nothing applied stands on it. */
export function planDowngrade(
  links: SoundLinks,
  rows: readonly string[],
  target: string,
  options: DowngradeOptions = {},
): Plan {
  const current = rowNumbers(links, rows)
  const applied = withAncestors(links, current)
  const undone = options.only
    ? onlyOne(links, { target, rows, applied })
    : builtOn(links, destination(links, { target, rows, current }), { target, current, applied })
  const order = newestFirst({
    wanted: undone,
    starts: current,
    within: undone,
    above: links.above,
    effectiveDown: links.effectiveDown,
  })
  return toPlan(links, { current, applied, order })
}

function destination(
  links: SoundLinks,
  { target: text, rows, current }: { target: string; rows: readonly string[]; current: readonly number[] },
): Destination {
  const target = parseTarget(text)
  const branch = resolveBranch(links, target)
  const context = { target: text, branch, command: 'downgrade' } as const
  const { place, steps } = target
  const isBare = place === undefined || place.at === 'current'
  if (steps < 0) {
    const from = startOfDown(links, target, { ...context, rows })
    const walk = walkDown(links, from, -steps, context)
    assertFarEnough(links, walk, { target: text, from, steps })
    // Counting from a row means: down this line, and not down the others that meet it below.
    const own = isBare && branch === undefined && from !== undefined ? branchOf(links, from) : branch
    return { number: walk.number, branch: own }
  }
  if (place === undefined) {
    const suggestion = `to go up: rev upgrade ${text}`
    throw new RevError('REV_GRAPH_WRONG_DIRECTION', { target: text, direction: 'downgrade', suggestion })
  }
  if (place.at === 'current' && (steps > 0 || branch !== undefined)) {
    const from = startUp(links, current, context)
    const walk = walkUp(links, from, steps, context)
    assertFarEnough(links, walk, { target: text, from, steps })
    return { number: walk.number, branch }
  }
  // The place is the trunk below the branch as often as not, so it is looked up without the branch.
  const from = resolveSingle(links, place, { target: text, rows })
  const walk = walkUp(links, from, steps, context)
  assertFarEnough(links, walk, { target: text, from, steps })
  return { number: walk.number, branch }
}

function branchOf(links: SoundLinks, number: number): Branch {
  return { name: idOf(links, number), number, line: lineOf(links, number) }
}

/** The applied revisions above a place. Throws REV_GRAPH_NOT_A_DOWNGRADE_TARGET. */
function builtOn(
  links: SoundLinks,
  { number, branch }: Destination,
  { target, current, applied }: { target: string; current: readonly number[]; applied: ReadonlySet<number> },
): Set<number> {
  const refuse = (at: number, outside?: string): RevError =>
    new RevError('REV_GRAPH_NOT_A_DOWNGRADE_TARGET', {
      target,
      ...named(links, at),
      rows: idsOf(links, current),
      ...(outside === undefined ? {} : { branch: outside }),
    })
  if (number !== undefined && !applied.has(number)) throw refuse(number)
  const all = number === undefined ? bases(links) : (links.children[number] ?? [])
  let roots: readonly number[] = all
  if (branch !== undefined && all.length > 1) {
    const upToBranch = reach(links.down, [branch.number])
    roots = all.filter((root) => upToBranch.has(root))
    if (roots.length === 0 && number !== undefined) throw refuse(number, branch.name)
  }
  const appliedRoots = roots.filter((root) => applied.has(root))
  // Something stands on the place, but nothing of the named branch: that is not the same as nothing to do.
  if (number !== undefined && appliedRoots.length === 0 && !current.includes(number)) {
    if (all.some((child) => applied.has(child))) throw refuse(number, branch?.name)
  }
  return reachWithin(links.above, appliedRoots, applied)
}

/** The one revision to revert. Throws REV_GRAPH_NOT_APPLIED and REV_GRAPH_ONLY_BLOCKED. */
function onlyOne(
  links: SoundLinks,
  { target, rows, applied }: { target: string; rows: readonly string[]; applied: ReadonlySet<number> },
): Set<number> {
  if (parseTarget(target).place === undefined) {
    throw new RevError('REV_GRAPH_BAD_TARGET', {
      target,
      reason: 'with --only the revision to revert is named, not a place to go to',
      suggestion: 'for example: rev downgrade --only current',
    })
  }
  const numbers = resolveTarget(links, target, { rows, command: 'downgrade' })
  const [only, ...others] = numbers
  if (only === undefined || others.length > 0) {
    throw new RevError('REV_GRAPH_SEVERAL_REVISIONS', { target, revisions: idsOf(links, numbers) })
  }
  if (!applied.has(only)) throw new RevError('REV_GRAPH_NOT_APPLIED', { ...named(links, only), rows: [...rows] })
  const undone = reachWithin(links.above, [only], applied)
  undone.delete(only)
  if (undone.size === 0) return new Set([only])
  const blockers = newestFirst({
    wanted: undone,
    starts: [],
    within: undone,
    above: links.above,
    effectiveDown: links.effectiveDown,
  })
  throw new RevError('REV_GRAPH_ONLY_BLOCKED', {
    revision: idOf(links, only),
    direction: 'downgrade',
    blockers: blockers.map((number) => named(links, number)),
  })
}

/** A revision that is reverted gives its row back to what was below it and has nothing applied above it any more. */
function toPlan(
  links: SoundLinks,
  { current, applied, order }: { current: readonly number[]; applied: ReadonlySet<number>; order: readonly number[] },
): Plan {
  if (order.length === 0) return { steps: [], rows: idsOf(links, current) }
  const before = maximal(links, current, applied)
  const rows = new Set(before)
  const appliedAbove = new Map<number, number>()
  const countAbove = (number: number): number =>
    appliedAbove.get(number) ?? (links.above[number] ?? []).filter((above) => applied.has(above)).length
  const moves = order.map((number): Move => {
    rows.delete(number)
    const added = (links.below[number] ?? []).filter((below) => {
      const left = countAbove(below) - 1
      appliedAbove.set(below, left)
      return left === 0
    })
    for (const below of added) rows.add(below)
    return { direction: 'downgrade', revision: entryAt(links.revisions, number).revision, removed: [number], added }
  })
  return {
    steps: toSteps(before, moves, (number) => idOf(links, number)),
    rows: idsOf(links, byLoadOrder(rows)),
  }
}
