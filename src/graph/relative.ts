import { RevError } from '../errors/index.ts'
import { withAncestors } from './lineage.ts'
import { byLoadOrder, entryAt, idOf, idsOf, type Links, named, type SoundLinks } from './links.ts'
import { type Branch, bases, effectiveHeads } from './resolve.ts'

/*
 * Steps: +2 up, -1 down, from a place or from the rows of the table.
 *
 *   base ── a ──┬── b ── c      base+1 = a    a+1: two ways, an error that names b and d    c-3 = base
 *               └── d           d@a+1 = d: the branch says which way
 */

/** Who asked, for the errors. */
export interface StepContext {
  readonly target: string
  readonly branch: Branch | undefined
  /** Undefined where there is no command to type, as in `show`. */
  readonly command: 'upgrade' | 'downgrade' | 'stamp' | undefined
}

/** Where a walk ended; `number` is undefined for base. `taken` is less than asked when history ended first. */
export interface Walk {
  readonly number: number | undefined
  readonly taken: number
}

/** Goes up by children, never by dependents. Throws REV_GRAPH_AMBIGUOUS_STEP where the branch does not decide. */
export function walkUp(links: Links, start: number | undefined, steps: number, context: StepContext): Walk {
  let number = start
  for (let taken = 0; taken < steps; taken += 1) {
    const all = number === undefined ? bases(links) : (links.children[number] ?? [])
    const ways = context.branch === undefined ? all : all.filter((way) => context.branch?.line.has(way))
    if (ways.length > 1) throw ambiguousStep(links, { ...context, from: number, direction: 'up', ways })
    if (ways[0] === undefined) return { number, taken }
    number = ways[0]
  }
  return { number, taken: steps }
}

/** Goes down by down revisions; below the last one is base. Throws REV_GRAPH_AMBIGUOUS_STEP at a merge point. */
export function walkDown(links: Links, start: number | undefined, steps: number, context: StepContext): Walk {
  let number = start
  for (let taken = 0; taken < steps; taken += 1) {
    if (number === undefined) return { number, taken }
    const ways = links.down[number] ?? []
    if (ways.length > 1) throw ambiguousStep(links, { ...context, from: number, direction: 'down', ways })
    number = ways[0]
  }
  return { number, taken: steps }
}

/** Goes down from every effective head, or from those of the branch: what a bare `-1` means in listings. */
export function walkDownFromHeads(links: Links, steps: number, context: StepContext): { from: number; walk: Walk }[] {
  const { branch } = context
  return effectiveHeads(links)
    .filter((head) => branch === undefined || branch.line.has(head))
    .map((from) => ({ from, walk: walkDown(links, from, steps, context) }))
}

/**
 * The row that `+N` and `label@+N` count from; undefined for the beginning. A branch without a row begins where other
 * rows imply it. Throws REV_GRAPH_AMBIGUOUS_START.
 */
export function startUp(links: SoundLinks, rows: readonly number[], context: StepContext): number | undefined {
  const { branch } = context
  const inBranch = branch === undefined ? rows : rows.filter((row) => branch.line.has(row))
  const found = inBranch.length > 0 || branch === undefined ? inBranch : impliedIn(links, rows, branch)
  return singleStart(links, found, context)
}

/**
 * The row that `-N` and `label@-N` count from; undefined when nothing of it is applied. Throws
 * REV_GRAPH_AMBIGUOUS_START.
 */
export function startDown(links: Links, rows: readonly number[], context: StepContext): number | undefined {
  const { branch } = context
  const inBranch = branch === undefined ? rows : rows.filter((row) => branch.line.has(row))
  if (inBranch.length > 0 || branch === undefined) return singleStart(links, inBranch, context)
  const tips = lineTips(links, withAncestors(links, rows)).filter((tip) => branch.line.has(tip))
  return singleStart(links, tips, context)
}

/** Of a set that is closed downward, the revisions without a child in it, in load order. */
export function lineTips(links: Links, within: ReadonlySet<number>): number[] {
  return byLoadOrder(within).filter((number) => !links.children[number]?.some((child) => within.has(child)))
}

function impliedIn(links: SoundLinks, rows: readonly number[], branch: Branch): number[] {
  const implied = byLoadOrder(withAncestors(links, rows)).filter((number) => branch.line.has(number))
  const covered = new Set(implied.flatMap((number) => links.effectiveDown[number] ?? []))
  return implied.filter((number) => !covered.has(number))
}

function singleStart(links: Links, found: readonly number[], context: StepContext): number | undefined {
  if (found.length <= 1) return found[0]
  throw new RevError('REV_GRAPH_AMBIGUOUS_START', {
    target: context.target,
    rows: idsOf(links, found),
    suggestions: found.map((number) => typed(context, `${idOf(links, number)}@${withoutBranch(context.target)}`)),
  })
}

/** Throws REV_GRAPH_TOO_FAR when a walk ended before all its steps were taken. */
export function assertFarEnough(
  links: Links,
  walk: Walk,
  { target, from, steps }: { target: string; from: number | undefined; steps: number },
): void {
  if (walk.taken < Math.abs(steps)) throw tooFar(links, { target, from, steps, possible: walk.taken })
}

export function tooFar(
  links: Links,
  { target, from, steps, possible }: { target: string; from: number | undefined; steps: number; possible: number },
): RevError {
  const start = from === undefined ? 'base' : idOf(links, from)
  return new RevError('REV_GRAPH_TOO_FAR', { target, from: start, asked: steps, possible })
}

function ambiguousStep(
  links: Links,
  found: StepContext & { from: number | undefined; direction: 'up' | 'down'; ways: readonly number[] },
): RevError {
  const first = entryAt(links.revisions, entryAt(found.ways, 0))
  const name = found.branch === undefined ? (first.branchLabels[0] ?? first.revision) : first.revision
  return new RevError('REV_GRAPH_AMBIGUOUS_STEP', {
    target: found.target,
    from: found.from === undefined ? 'base' : idOf(links, found.from),
    direction: found.direction,
    ways: found.ways.map((way) => named(links, way)),
    // Down from a merge point no branch helps, because both sides are its line; there only the revision itself does.
    suggestion: typed(found, found.direction === 'up' ? `${name}@${withoutBranch(found.target)}` : first.revision),
  })
}

function withoutBranch(target: string): string {
  return target.slice(target.indexOf('@') + 1)
}

function typed({ command }: StepContext, target: string): string {
  return command === undefined ? target : `rev ${command} ${target}`
}
