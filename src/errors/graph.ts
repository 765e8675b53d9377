import { entry } from './define.ts'
import type { GraphProblem } from './graph-problems.ts'

export type { GraphProblem } from './graph-problems.ts'

/** A revision as errors name it. */
export interface NamedRevision {
  readonly revision: string
  readonly file: string | undefined
}

/** A message stays readable; the details hold every problem. */
const MOST_PROBLEMS_SAID = 100

const few = (words: readonly string[], most = 8): string =>
  words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')} and ${words.length - most} more`
const withFile = ({ revision, file }: NamedRevision): string =>
  file === undefined ? revision : `${revision} (${file})`
const within = (target: string, part: string): string => (target === part ? '' : ` (in "${target}")`)
const didYouMean = (near: readonly string[]): string | undefined =>
  near.length === 0 ? undefined : `did you mean: ${near.join(', ')}`

/** Faults of the revision graph, and targets that it cannot answer. */
export const graphErrors = {
  REV_GRAPH_INVALID: entry<{ problems: readonly GraphProblem[] }>({
    exit: 1,
    message: ({ problems }) =>
      [
        `the revisions do not form a graph: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`,
        ...problems
          .slice(0, MOST_PROBLEMS_SAID)
          .map((p) => `  ${p.code}: ${p.message}${p.hint ? `\n    hint: ${p.hint}` : ''}`),
        ...(problems.length > MOST_PROBLEMS_SAID ? [`  and ${problems.length - MOST_PROBLEMS_SAID} more`] : []),
      ].join('\n'),
  }),
  REV_GRAPH_BAD_TARGET: entry<{ target: string; reason: string; suggestion?: string | undefined }>({
    exit: 2,
    message: ({ target, reason }) => `"${target}" cannot be read as a target: ${reason}.`,
    hint: ({ suggestion }) => suggestion ?? 'a target is for example: head, heads, base, REVISION, LABEL@head, +1, -1',
  }),
  REV_GRAPH_BAD_RANGE: entry<{ range: string; reason: string; suggestion: string }>({
    exit: 2,
    message: ({ range, reason }) => `"${range}" cannot be read as a range: ${reason}.`,
    hint: ({ suggestion }) => suggestion,
  }),
  REV_GRAPH_UNKNOWN_REVISION: entry<{ target: string; name: string; near: readonly string[] }>({
    exit: 1,
    message: ({ target, name }) => `there is no revision or branch label "${name}"${within(target, name)}.`,
    hint: ({ near }) => didYouMean(near) ?? 'the revisions are listed by: rev history',
  }),
  REV_GRAPH_UNKNOWN_BRANCH: entry<{ target: string; branch: string; near: readonly string[] }>({
    exit: 1,
    message: ({ target, branch }) =>
      `there is no branch "${branch}"${within(target, branch)}: no label and no revision.`,
    hint: ({ near }) => didYouMean(near) ?? 'before the "@" stands a branch label or an id; see: rev heads -v',
  }),
  REV_GRAPH_AMBIGUOUS_PREFIX: entry<{
    target: string
    prefix: string
    candidates: readonly (NamedRevision & { readonly label?: string })[]
  }>({
    exit: 1,
    message: ({ target, prefix, candidates }) =>
      `"${prefix}"${within(target, prefix)} can mean ${candidates.length} revisions: ${few(
        candidates.map((one) =>
          one.label === undefined ? withFile(one) : `${one.label}, a label of ${withFile(one)}`,
        ),
      )}.`,
    hint: () => 'type more of the id, or all of it',
  }),
  REV_GRAPH_NOT_IN_BRANCH: entry<{ target: string; revision: string; file: string | undefined; branch: string }>({
    exit: 1,
    message: ({ target, branch, ...revision }) =>
      `revision ${withFile(revision)} is not a member of branch "${branch}" (in "${target}").`,
    hint: ({ revision }) => `leave the branch out: ${revision}`,
  }),
  REV_GRAPH_MULTIPLE_HEADS: entry<{
    target: string
    heads: readonly string[]
    labels: readonly string[]
    /** The range to type, where `heads` is its start. */
    suggestion?: string
  }>({
    exit: 1,
    message: ({ target, heads }) => `"${target}" needs a single head, and there are ${heads.length}: ${few(heads)}.`,
    hint: ({ target, heads, labels, suggestion }) => {
      if (suggestion !== undefined) return `write all of them: ${suggestion}, or those that the database has`
      const all = target.includes('heads') ? '' : ', take all with "heads"'
      return `name one (${labels[0] ?? heads[0] ?? 'LABEL'}@head)${all}, or join them: rev merge heads`
    },
  }),
  REV_GRAPH_NO_START: entry<{ target: string; suggestion: string }>({
    exit: 2,
    message: ({ target }) => `"${target}" counts from the rows of a database, and none is asked here.`,
    hint: ({ suggestion }) => suggestion,
  }),
  REV_GRAPH_AMBIGUOUS_START: entry<{ target: string; rows: readonly string[]; suggestions: readonly string[] }>({
    exit: 1,
    message: ({ target, rows }) =>
      `"${target}" needs one row to start from, and the version table has ${rows.length}: ${few(rows)}.`,
    hint: ({ suggestions }) => `name the one that is meant: ${suggestions.join(', or ')}`,
  }),
  REV_GRAPH_AMBIGUOUS_STEP: entry<{
    target: string
    /** Where the ways part; `base` for the beginning. */
    from: string
    direction: 'up' | 'down'
    ways: readonly NamedRevision[]
    suggestion: string
  }>({
    exit: 1,
    message: ({ target, from, direction, ways }) =>
      `"${target}" can go ${ways.length} ways ${direction} from ${from}: ${few(ways.map(withFile))}.`,
    hint: ({ suggestion }) => `name one, for example: ${suggestion}`,
  }),
  REV_GRAPH_TOO_FAR: entry<{ target: string; from: string; asked: number; possible: number }>({
    exit: 1,
    message: ({ target, from, asked, possible }) =>
      `"${target}" goes ${Math.abs(asked)} revision${Math.abs(asked) === 1 ? '' : 's'} ${asked < 0 ? 'down' : 'up'} from ${from}, where ${possible === 0 ? 'none is' : possible === 1 ? 'only 1 is' : `only ${possible} are`} left.`,
    hint: ({ asked }) => (asked < 0 ? 'the lowest place is: base' : 'the highest place is: head'),
  }),
  REV_GRAPH_WRONG_DIRECTION: entry<{ target: string; direction: 'upgrade' | 'downgrade'; suggestion: string }>({
    exit: 2,
    message: ({ target, direction }) =>
      `"${target}" goes ${direction === 'upgrade' ? 'down, and upgrade goes up' : 'up, and downgrade goes down'}.`,
    hint: ({ suggestion }) => suggestion,
  }),
  REV_GRAPH_UNKNOWN_ROW: entry<{ rows: readonly string[]; near: readonly string[] }>({
    exit: 1,
    message: ({ rows }) =>
      `the version table names ${rows.length === 1 ? 'a revision' : 'revisions'} that no file has: ${few(rows)}. The database is ahead of these files, or on another branch.`,
    hint: ({ rows, near }) =>
      `check out the files that have ${rows.length === 1 ? 'it' : 'them'}${near.length === 0 ? '' : ` (near: ${near.join(', ')})`}, or say where the database stands: rev stamp --purge REVISION`,
  }),
  REV_GRAPH_OVERLAPPING_ROWS: entry<{ rows: readonly string[]; above: string; below: string }>({
    exit: 1,
    message: ({ above, below }) =>
      `the version table has the rows ${above} and ${below}, although ${above} already implies ${below}.`,
    hint: ({ above }) => `take the lower one out: rev stamp ${above}`,
  }),
  REV_GRAPH_OVERLAPPING_START: entry<{ start: string; above: string; below: string; suggestion: string }>({
    exit: 1,
    message: ({ start, above, below }) =>
      `the start "${start}" names ${above} and ${below}, although ${above} already implies ${below}.`,
    hint: ({ suggestion }) => `name the upper one alone: ${suggestion}`,
  }),
  REV_GRAPH_OVERLAPPING_TARGETS: entry<{ targets: readonly string[]; above: string; below: string }>({
    exit: 1,
    message: ({ above, below }) => `the targets ${above} and ${below} overlap: ${above} already implies ${below}.`,
    hint: ({ above, below }) => `name one of them, ${above} or ${below}`,
  }),
  REV_GRAPH_NOT_A_DOWNGRADE_TARGET: entry<{
    target: string
    revision: string
    file: string | undefined
    rows: readonly string[]
    /** Set when the revision is applied, and what stands on it lies outside this branch. */
    branch?: string
  }>({
    exit: 1,
    message: ({ target, branch, rows, ...revision }) =>
      branch === undefined
        ? `"${target}" is no place to go down to: revision ${withFile(revision)} is not applied (rows: ${few(rows) || 'none'}).`
        : `"${target}" is no place to go down to: nothing above ${withFile(revision)} leads to branch "${branch}".`,
    hint: ({ branch, revision }) =>
      branch === undefined ? 'what is applied: rev current' : `leave the branch out: rev downgrade ${revision}`,
  }),
  REV_GRAPH_NOT_AN_ANCESTOR: entry<{ range: string; start: string; end: string }>({
    exit: 1,
    message: ({ range, start, end }) => `the range "${range}" is empty: ${start} is not an ancestor of ${end}.`,
    hint: ({ start }) => `a range goes from the older to the newer revision, for example: ${start}:heads`,
  }),
  REV_GRAPH_NOT_A_HEAD: entry<{
    target: string
    revision: string
    file: string | undefined
    children: readonly string[]
  }>({
    exit: 1,
    message: ({ children, target: _, ...revision }) =>
      `revision ${withFile(revision)} is not a head: ${few(children)} ${children.length === 1 ? 'stands' : 'stand'} on it.`,
    hint: ({ revision }) => `add --splice to begin a new branch there, or build on its head: ${revision}@head`,
  }),
  REV_GRAPH_DUPLICATE_HEADS: entry<{ revision: string; targets: readonly string[] }>({
    exit: 2,
    message: ({ revision, targets }) =>
      `revision ${revision} is named twice (by ${few(targets.map((t) => `"${t}"`))}).`,
    hint: () => 'name each head once',
  }),
  REV_GRAPH_ONLY_BLOCKED: entry<{
    revision: string
    direction: 'upgrade' | 'downgrade'
    /** What would have to run first, in that order. */
    blockers: readonly NamedRevision[]
  }>({
    exit: 1,
    message: ({ revision, direction, blockers }) =>
      `${direction} --only ${revision} is not possible: ${few(blockers.map(withFile))} must ${
        direction === 'upgrade' ? 'be applied' : 'be reverted'
      } first.`,
    hint: ({ revision, direction }) =>
      direction === 'upgrade' ? `all together: rev upgrade ${revision}` : 'one by one: rev downgrade --only REVISION',
  }),
  REV_GRAPH_NOT_APPLIED: entry<{ revision: string; file: string | undefined; rows: readonly string[] }>({
    exit: 1,
    message: ({ rows, ...revision }) =>
      `revision ${withFile(revision)} is not applied, so it cannot be reverted (rows: ${few(rows) || 'none'}).`,
    hint: () => 'what is applied: rev current',
  }),
  REV_GRAPH_SEVERAL_REVISIONS: entry<{ target: string; revisions: readonly string[] }>({
    exit: 1,
    message: ({ target, revisions }) =>
      `"${target}" has to name one revision, and means ${revisions.length}${revisions.length === 0 ? '' : `: ${few(revisions)}`}.`,
    hint: () => 'name the revision by its id',
  }),
}
