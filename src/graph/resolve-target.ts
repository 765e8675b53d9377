import { byLoadOrder, type SoundLinks } from './links.ts'
import {
  assertFarEnough,
  type StepContext,
  startDown,
  startUp,
  tooFar,
  type Walk,
  walkDown,
  walkDownFromHeads,
  walkUp,
} from './relative.ts'
import { noStart, resolveBranch, resolvePlace, resolveSingle } from './resolve.ts'
import { rowNumbers } from './rows.ts'
import { parseTarget, type Target } from './target.ts'

/** How the same target is understood by different commands. */
export interface Reading {
  /** The rows of the table; undefined where no database is asked, and then `current` and `+1` are errors. */
  readonly rows: readonly string[] | undefined
  readonly command?: 'upgrade' | 'downgrade' | 'stamp'
  /** Whether a bare `+1` counts from the rows; else it is an error, as in listings. Default false. */
  readonly upFromRows?: boolean
  /** Whether a bare `-1` counts from the rows; else, as in listings, from every effective head. Default false. */
  readonly downFromRows?: boolean
  /** Whether steps that lead to base are an answer (none) or too far. Default false. */
  readonly mayReachBase?: boolean
  /** Whether steps beyond the end of history stop there or are an error. Default false. */
  readonly clamp?: boolean
}

/**
 * The revisions that a target means, in load order; none for `base`. Throws the REV_GRAPH_ errors of parsing, looking
 * up and walking.
 */
export function resolveTarget(links: SoundLinks, text: string, reading: Reading): number[] {
  const target = parseTarget(text)
  const branch = resolveBranch(links, target)
  const context: StepContext = { target: text, branch, command: reading.command }
  if (target.place !== undefined && target.steps === 0) {
    return byLoadOrder(resolvePlace(links, target.place, { target: text, branch, rows: reading.rows }))
  }
  if (target.steps > 0) {
    if (target.place === undefined && !reading.upFromRows) throw noStart(text)
    const start = startOfUp(links, target, { ...context, rows: reading.rows })
    const walk = walkUp(links, start, target.steps, context)
    if (!reading.clamp) assertFarEnough(links, walk, { target: text, from: start, steps: target.steps })
    return walk.number === undefined ? [] : [walk.number]
  }
  if (target.place === undefined && !reading.downFromRows) {
    const walks = walkDownFromHeads(links, -target.steps, context)
    return byLoadOrder(new Set(walks.flatMap(({ from, walk }) => endOfDown(links, from, { walk, target, reading }))))
  }
  const from = startOfDown(links, target, { ...context, rows: reading.rows })
  return endOfDown(links, from, { walk: walkDown(links, from, -target.steps, context), target, reading })
}

function startOfUp(
  links: SoundLinks,
  { place }: Target,
  context: StepContext & { rows: readonly string[] | undefined },
): number | undefined {
  if (place === undefined || place.at === 'current') {
    if (context.rows === undefined) throw noStart(context.target)
    return startUp(links, rowNumbers(links, context.rows), context)
  }
  // The branch says which way to go, so the place below may lie outside of it, on the trunk that it shares.
  return resolveSingle(links, place, { target: context.target, rows: context.rows })
}

/** Where steps down begin: a row for `-1` and `current-1`, else the one revision of the place in its branch. */
export function startOfDown(
  links: SoundLinks,
  { place }: Target,
  context: StepContext & { rows: readonly string[] | undefined },
): number | undefined {
  if (place === undefined || place.at === 'current') {
    if (context.rows === undefined) throw noStart(context.target)
    return startDown(links, rowNumbers(links, context.rows), context)
  }
  return resolveSingle(links, place, { target: context.target, branch: context.branch, rows: context.rows })
}

function endOfDown(
  links: SoundLinks,
  from: number | undefined,
  { walk, target: { text, steps }, reading }: { walk: Walk; target: Target; reading: Reading },
): number[] {
  if (walk.number !== undefined) return [walk.number]
  if (reading.clamp) return []
  assertFarEnough(links, walk, { target: text, from, steps })
  if (reading.mayReachBase) return []
  throw tooFar(links, { target: text, from, steps, possible: walk.taken - 1 })
}
