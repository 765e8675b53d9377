import { RevError } from '../errors/index.ts'

/*
 * From text to a target. This file knows no graph: whether a name means anything is `resolve.ts`'s question.
 *
 *   target := [ branch "@" ] [ place ] [ ("+" | "-") digits ]        place := head | heads | base | current | name
 *   range  := [ start ] ":" [ target ]
 */

/** Where a target begins; a name is an id, the beginning of one, or a label. */
export type Place =
  | { readonly at: 'head' | 'heads' | 'base' | 'current' }
  | { readonly at: 'name'; readonly name: string }

/** What the user typed, taken apart. Never both without a place and without steps. */
export interface Target {
  /** As typed. */
  readonly text: string
  readonly branch: string | undefined
  /** Undefined for bare steps such as `+1` and `label@-2`. */
  readonly place: Place | undefined
  /** Above zero goes up, below zero goes down; zero means the place itself. */
  readonly steps: number
}

/** The two halves of `START:TARGET`, as written; `start` may hold several ids joined by commas. */
export interface Range {
  readonly start: string | undefined
  readonly target: string
}

/** Reads a target, all of it. Throws REV_GRAPH_BAD_TARGET. */
export function parseTarget(text: string): Target {
  if (text === '') throw badTarget(text, 'it is empty')
  if (text.includes(':')) throw badTarget(text, 'a range with ":" is not possible here')
  const at = text.indexOf('@')
  const branch = at > 0 ? text.slice(0, at) : undefined
  const rest = text.slice(at + 1)
  const [, word = '', sign, digits] = /^(.*?)(?:([+-])(\d+))?$/s.exec(rest) ?? []
  if (/[+-]/.test(branch ?? '')) throw badTarget(text, 'steps come last, after the "@"')
  if (/[+-]/.test(word)) {
    throw badTarget(text, 'steps such as +1 or -1 come last, once, and nothing follows them')
  }
  const count = Number(digits ?? 0)
  if (!Number.isSafeInteger(count)) throw badTarget(text, `${sign}${digits} is too far for any history`)
  if (word === '' && sign === undefined) {
    throw badTarget(text, 'nothing follows the "@"', branch === undefined ? undefined : `for example: ${branch}@head`)
  }
  if (word === '' && count === 0) throw badTarget(text, 'it moves by nothing')
  // Zero has no sign here: -0 would be another value for every comparison of targets.
  const steps = sign === '-' && count > 0 ? -count : count
  return { text, branch, place: word === '' ? undefined : toPlace(word), steps }
}

function toPlace(word: string): Place {
  if (word === 'head' || word === 'heads' || word === 'base' || word === 'current') return { at: word }
  return { at: 'name', name: word }
}

function badTarget(target: string, reason: string, suggestion?: string): RevError {
  return new RevError('REV_GRAPH_BAD_TARGET', { target, reason, ...(suggestion ? { suggestion } : {}) })
}

/**
 * Reads `TARGET` or `START:TARGET`, as `--sql` takes them. Throws REV_GRAPH_BAD_RANGE for a second colon, for an empty
 * half, and without a start when `needsStart` says that there has to be one.
 */
export function parseRange(text: string, options: { readonly needsStart?: boolean } = {}): Range {
  const bad = (reason: string): RevError =>
    new RevError('REV_GRAPH_BAD_RANGE', {
      range: text,
      reason,
      suggestion: 'write START:TARGET, for example base:head',
    })
  const [first = '', second, ...more] = text.split(':')
  if (more.length > 0) throw bad('there is more than one ":"')
  if (second === undefined) {
    if (options.needsStart) throw bad('it does not say where to start')
    return { start: undefined, target: first }
  }
  if (first === '') throw bad('nothing stands before the ":"')
  if (second === '') throw bad('nothing stands after the ":"')
  return { start: first, target: second }
}

/** Several `TARGET` or `START:TARGET` that must share their start, as `stamp --sql` takes them. Throws REV_GRAPH_BAD_RANGE. */
export function parseRanges(texts: readonly string[]): { start: string | undefined; targets: string[] } {
  const ranges = texts.map((text) => parseRange(text))
  const start = ranges[0]?.start
  const other = ranges.findIndex((range) => range.start !== start)
  if (other !== -1) {
    throw new RevError('REV_GRAPH_BAD_RANGE', {
      range: texts[other] ?? '',
      reason: 'all targets of one stamp need the same start',
      suggestion: `several starting rows are joined by commas: ${start ?? 'a'},b:TARGET`,
    })
  }
  return { start, targets: ranges.map(({ target }) => target) }
}

/** `A:B` as `history` takes it: an empty half stands for the end of history. Throws REV_GRAPH_BAD_RANGE. */
export function parseHistoryRange(text: string): { start: string; end: string } {
  const [start = '', end, ...more] = text.split(':')
  if (end === undefined || more.length > 0) {
    throw new RevError('REV_GRAPH_BAD_RANGE', {
      range: text,
      reason: end === undefined ? 'there is no ":"' : 'there is more than one ":"',
      suggestion: 'write [start]:[end], for example base:heads, REVISION: or :REVISION',
    })
  }
  return { start: start === '' ? 'base' : start, end: end === '' ? 'heads' : end }
}
