import { RevError } from '../errors/index.ts'
import { reachWithin, withAncestors } from './lineage.ts'
import { byLoadOrder, idOf, idsOf, type SoundLinks } from './links.ts'
import { newestFirst } from './order.ts'
import { walkDown, walkDownFromHeads } from './relative.ts'
import { resolveBranch } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import { parseHistoryRange, parseTarget, type Target } from './target.ts'

/*
 * A range of history, newest first, both ends included.
 *
 *   a ── b ──┬── c ── d      b:d = d c b      b: = d c e b      :c = c b a
 *            └── e           c: = d c         c:e is an error: c is not below e
 */

/**
 * The revisions of the range `[start]:[end]`; all of history by default. `labelsOf` gives the declared and inherited
 * labels of a revision.
 */
export function listHistory(
  links: SoundLinks,
  range: string,
  rows: readonly string[] | undefined,
  labelsOf: (number: number) => readonly string[],
): string[] {
  const { start: startText, end: endText } = parseHistoryRange(range)
  const start = parseTarget(startText)
  assertBranchIsLabelled(links, start, range, labelsOf)
  const found = startOf(links, start, rows)
  const ends = endsOf(links, { start, starts: found, endText, rows })
  const starts = found ?? clampedStart(links, start, ends)
  const needed = withAncestors(links, ends)
  for (const number of starts) {
    if (needed.has(number)) continue
    throw new RevError('REV_GRAPH_NOT_AN_ANCESTOR', {
      range,
      start: idOf(links, number),
      end: ends.length === 0 ? endText : idsOf(links, ends).join(', '),
    })
  }
  return idsOf(
    links,
    newestFirst({
      wanted: between(links, starts, needed),
      starts: ends,
      within: needed,
      above: links.above,
      effectiveDown: links.effectiveDown,
    }),
  )
}

/** A revision may stand for its branch in a range when it carries one label: that label names the branch. */
function assertBranchIsLabelled(
  links: SoundLinks,
  start: Target,
  range: string,
  labelsOf: (number: number) => readonly string[],
): void {
  const branch = resolveBranch(links, start)
  if (branch === undefined || links.labelled.has(branch.name)) return
  const labels = labelsOf(branch.number)
  if (labels.length === 1) return
  throw new RevError('REV_GRAPH_BAD_RANGE', {
    range,
    reason:
      labels.length === 0
        ? `no branch label covers "${branch.name}"`
        : `"${branch.name}" is covered by several branch labels: ${labels.join(', ')}`,
    suggestion: `for what stands on it: ${idOf(links, branch.number)}: (or name a branch by its label)`,
  })
}

/** What the range leaves of everything below its ends: from a start only the line above it, without what it has already. */
function between(links: SoundLinks, starts: readonly number[], needed: ReadonlySet<number>): Set<number> {
  if (starts.length === 0) return new Set(needed)
  const had = withAncestors(links, starts)
  for (const number of starts) had.delete(number)
  return new Set([...reachWithin(links.children, starts, needed)].filter((number) => !had.has(number)))
}

/** The start of the range; empty for base, undefined when steps down from the heads went below the beginning. */
function startOf(links: SoundLinks, start: Target, rows: readonly string[] | undefined): number[] | undefined {
  if (start.place !== undefined || start.steps > 0) return resolveTarget(links, start.text, { rows })
  const context = { target: start.text, branch: resolveBranch(links, start), command: undefined }
  const numbers = walkDownFromHeads(links, -start.steps, context).map(({ walk }) => walk.number)
  const found = numbers.filter((number) => number !== undefined)
  // Below the beginning of one head says nothing about the others; then the end of the range decides.
  return found.length < numbers.length ? undefined : byLoadOrder(new Set(found))
}

/** Steps down from the end of the range instead of from all heads, stopping at base. */
function clampedStart(links: SoundLinks, start: Target, ends: readonly number[]): number[] {
  const [end, ...others] = ends
  if (end === undefined || others.length > 0) return []
  const { number } = walkDown(links, end, -start.steps, { target: start.text, branch: undefined, command: undefined })
  return number === undefined ? [] : [number]
}

function endsOf(
  links: SoundLinks,
  {
    start,
    starts,
    endText,
    rows,
  }: { start: Target; starts: readonly number[] | undefined; endText: string; rows: readonly string[] | undefined },
): number[] {
  const end = parseTarget(endText)
  // Steps of the end count from the start of the range: `b:+2`.
  const from = end.place === undefined && end.steps > 0 ? idsOf(links, starts ?? []) : rows
  const ends = resolveTarget(links, endText, { rows: from, upFromRows: true, clamp: true })
  const branch = resolveBranch(links, start)
  return branch === undefined ? ends : ends.filter((number) => branch.line.has(number))
}
