import { RevError } from '../errors/index.ts'
import { lineOf, reach } from './lineage.ts'
import { byLoadOrder, idOf, idsOf, type Links, named } from './links.ts'
import { nearNames } from './near-names.ts'
import { rowNumbers } from './rows.ts'
import type { Place, Target } from './target.ts'

/*
 * Names and places -> revisions. Steps (+1, -1) are `relative.ts`'s work.
 *
 *   a (alpha) ── b ── c       alpha -> a    alpha@head -> c    alpha@b -> b    base -> nothing
 *   d ── e (echo) ── f        heads -> c, f    head -> an error that names both
 */

/** A branch as a target names it: the whole line of history through one revision. */
export interface Branch {
  readonly name: string
  readonly number: number
  readonly line: ReadonlySet<number>
}

/** Words of targets that a mistyped one may have been meant to be. */
const PLACE_WORDS = ['head', 'heads', 'base', 'current']

/** A short name is completed only to ids and labels of at least this length, so that tiny ids are typed in full. */
const SHORTEST_COMPLETED = 4

/** The branch before the `@`; undefined when the target has none. Throws REV_GRAPH_UNKNOWN_BRANCH or an ambiguous prefix. */
export function resolveBranch(links: Links, target: Target): Branch | undefined {
  const name = target.branch
  if (name === undefined) return undefined
  const number = lookUp(links, { name, target: target.text })
  if (number === undefined) {
    const near = nearNames(name, [...links.labelled.keys(), ...links.numbers.keys()])
    throw new RevError('REV_GRAPH_UNKNOWN_BRANCH', { target: target.text, branch: name, near })
  }
  return { name, number, line: lineOf(links, number) }
}

/**
 * The revisions of a place, in load order; none for `base`, and for `head` and `heads` of an empty graph. Throws
 * REV_GRAPH_MULTIPLE_HEADS, REV_GRAPH_UNKNOWN_REVISION, REV_GRAPH_AMBIGUOUS_PREFIX, REV_GRAPH_NOT_IN_BRANCH, and
 * REV_GRAPH_NO_START for `current` without rows.
 */
export function resolvePlace(
  links: Links,
  place: Place,
  { target, branch, rows }: { target: string; branch?: Branch | undefined; rows?: readonly string[] | undefined },
): number[] {
  switch (place.at) {
    case 'base':
      return []
    case 'current':
      if (rows === undefined) throw noStart(target)
      return rowNumbers(links, rows).filter((number) => isIn(branch, number))
    case 'heads':
      return branch === undefined ? effectiveHeads(links) : heads(links).filter((number) => isIn(branch, number))
    case 'head':
      return singleHead(
        links,
        heads(links).filter((number) => isIn(branch, number)),
        target,
      )
    case 'name':
      return [resolveName(links, place.name, { target, branch })]
  }
}

/** Revisions without children, in load order. */
export function heads(links: Links): number[] {
  return numbersWhere(links.children, (children) => children.length === 0)
}

/** Revisions on which nothing stands or depends, in load order. */
export function effectiveHeads(links: Links): number[] {
  return numbersWhere(links.above, (above) => above.length === 0)
}

/** Revisions without down revisions, in load order. */
export function bases(links: Links): number[] {
  return numbersWhere(links.down, (down) => down.length === 0)
}

function numbersWhere(edges: readonly (readonly number[])[], test: (targets: readonly number[]) => boolean): number[] {
  const numbers: number[] = []
  edges.forEach((targets, number) => {
    if (test(targets)) numbers.push(number)
  })
  return numbers
}

/** Passes at most one head on. Throws REV_GRAPH_MULTIPLE_HEADS for more. */
export function singleHead(links: Links, found: readonly number[], target: string): number[] {
  if (found.length <= 1) return [...found]
  throw new RevError('REV_GRAPH_MULTIPLE_HEADS', {
    target,
    heads: idsOf(links, found),
    labels: labelsOfOne(links, found),
  })
}

/** Labels that lead to one of the heads only, as names to choose from. */
export function labelsOfOne(links: Links, found: readonly number[]): string[] {
  const below = reach(links.down, found)
  return [...links.labelled]
    .filter(([, number]) => below.has(number))
    .filter(([, number]) => {
      const above = reach(links.children, [number])
      return found.filter((head) => above.has(head)).length === 1
    })
    .map(([label]) => label)
}

export function noStart(target: string): RevError {
  const steps = /[+-]\d+$/.exec(target)?.[0] ?? ''
  return new RevError('REV_GRAPH_NO_START', {
    target,
    suggestion: `name the place to count from, for example: REVISION${steps}, head${steps.startsWith('-') ? steps : ''}`,
  })
}

function isIn(branch: Branch | undefined, number: number): boolean {
  return branch === undefined || branch.line.has(number)
}

function resolveName(
  links: Links,
  name: string,
  { target, branch }: { target: string; branch: Branch | undefined },
): number {
  const number = lookUp(links, { name, target, branch })
  if (number === undefined) {
    const near = nearNames(name, [...links.numbers.keys(), ...links.labelled.keys(), ...PLACE_WORDS])
    throw new RevError('REV_GRAPH_UNKNOWN_REVISION', { target, name, near })
  }
  if (branch !== undefined && !branch.line.has(number)) {
    throw new RevError('REV_GRAPH_NOT_IN_BRANCH', { target, branch: branch.name, ...named(links, number) })
  }
  return number
}

/** Exact names first; else what begins with the name, within the branch when there is one. */
function lookUp(
  links: Links,
  { name, target, branch }: { name: string; target: string; branch?: Branch | undefined },
): number | undefined {
  const exact = links.numbers.get(name) ?? links.labelled.get(name)
  if (exact !== undefined) return exact
  const completes = ([other, number]: readonly [string, number]): boolean =>
    other.length >= SHORTEST_COMPLETED && other.startsWith(name) && isIn(branch, number)
  const ids = [...links.numbers].filter(completes)
  const labels = [...links.labelled].filter(completes)
  if (ids.length + labels.length <= 1) return (ids[0] ?? labels[0])?.[1]
  throw new RevError('REV_GRAPH_AMBIGUOUS_PREFIX', {
    target,
    prefix: name,
    candidates: [
      ...ids.map(([, number]) => named(links, number)),
      ...labels.map(([label, number]) => ({ ...named(links, number), label })),
    ],
  })
}

/** The one revision of a place; undefined for `base`. Throws as `resolvePlace`, and when there are several. */
export function resolveSingle(
  links: Links,
  place: Place,
  context: { target: string; branch?: Branch | undefined; rows?: readonly string[] | undefined },
): number | undefined {
  const found = byLoadOrder(resolvePlace(links, place, context))
  if (found.length <= 1) return found[0]
  if (place.at === 'heads') singleHead(links, found, context.target)
  throw new RevError('REV_GRAPH_AMBIGUOUS_START', {
    target: context.target,
    rows: idsOf(links, found),
    suggestions: found.map((number) => context.target.replace('current', idOf(links, number))),
  })
}
