import { entry } from './define.ts'
import { repairs } from './repairs.ts'
import { type NumberedStatement, outcomeLines, statementLines, type WithOutcome } from './step-outcome.ts'

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const UNCLEAR = {
  'other-values': 'it is the text of a statement that is done, with other values',
  'other-batches': 'these batches are done in part, and went over another table or by another key then',
  order: 'it is done, and came earlier then',
  absent: 'it is done, and the function does not do it any more',
  'failed-before': 'it failed, and is done since it was sent once more',
  temporary: 'the temporary table of the first attempt is gone, with what was in it',
  answer: 'it is done, and what it gave back is asked for, which was not kept',
} as const

/** Going on with a step of which something is in the database already. */
export const journalErrors = {
  REV_JOURNAL_UNCLEAR: entry<
    WithOutcome & {
      readonly revision: string
      readonly direction: 'upgrade' | 'downgrade'
      readonly reason: keyof typeof UNCLEAR
      /** The number of the statement that is done; undefined for a temporary table. */
      readonly number: number | undefined
      readonly statement: string
    }
  >({
    exit: 1,
    message: ({ revision, direction, reason, number, statement, outcome }) =>
      `the ${direction} of "${revision}" cannot go on by itself: ${UNCLEAR[reason]}:${statementLines([{ number: number ?? 0, statement }])}${outcomeLines(outcome)}`,
    hint: ({ revision, direction, reason }) =>
      ['other-values', 'other-batches', 'absent', 'failed-before'].includes(reason)
        ? `look at the database; then rev repair ${revision} --resume goes on all the same, ${repairs(revision, direction).replace('rev repair ', '').replace(revision, 'and')}`
        : repairs(revision, direction),
  }),

  REV_JOURNAL_UNSETTLED: entry<{
    readonly revision: string
    readonly direction: 'upgrade' | 'downgrade'
    readonly database: string
    readonly done: readonly NumberedStatement[]
    /** Those of which nobody knows whether they took place. */
    readonly unknown: readonly NumberedStatement[]
  }>({
    exit: 1,
    message: ({ revision, direction, database, done, unknown }) =>
      [
        `the ${direction} of "${revision}" was cut off on ${database}, and rev cannot find out whether this took place:${statementLines(unknown)}`,
        `${plural(done.length, 'statement')} of it ${done.length === 1 ? 'is' : 'are'} done${done.length === 0 ? '.' : `:${statementLines(done)}`}`,
      ].join('\n'),
    hint: ({ revision, direction }) =>
      `look at the database; then rev repair ${revision} --resume --unknown done (or not-done) goes on behind it; or ${repairs(revision, direction)}`,
  }),

  REV_JOURNAL_BY_SCRIPT: entry<{
    readonly revision: string
    readonly direction: 'upgrade' | 'downgrade'
    readonly database: string
  }>({
    exit: 1,
    message: ({ revision, direction, database }) =>
      `a script stopped half way in the ${direction} of "${revision}" on ${database}: statements of it are in the database, and rev does not know which.`,
    hint: ({ revision, direction }) =>
      `look at the database and at the script, whose client said where it stopped; then ${repairs(revision, direction)}`,
  }),

  REV_JOURNAL_UNFINISHED: entry<{
    readonly revision: string
    readonly direction: 'upgrade' | 'downgrade'
    readonly database: string
    readonly done: readonly NumberedStatement[]
    /** What was to be run instead. */
    readonly asked: string
  }>({
    exit: 1,
    message: ({ revision, direction, database, done, asked }) =>
      `the ${direction} of "${revision}" is not finished on ${database}, and this ${asked} does not go on with it; nothing was run. Of it ${plural(done.length, 'statement')} ${done.length === 1 ? 'is' : 'are'} done${done.length === 0 ? '.' : `:${statementLines(done)}`}`,
    hint: ({ revision, direction }) =>
      `go on with it: ${direction === 'upgrade' ? `rev upgrade ${revision}` : `rev repair ${revision} --resume`}; or ${repairs(revision, direction)}`,
  }),

  REV_JOURNAL_UNDER_WAY: entry<NumberedStatement & { readonly revision: string; readonly session: string }>({
    exit: 1,
    message: ({ revision, number, statement, session }) =>
      `a run of "${revision}" was cut off, and the server is still at a statement of it, in session ${session}:${statementLines([{ number, statement }])}`,
    hint: () => 'wait until it is done, or end that session, and run the same command again',
  }),

  REV_JOURNAL_TABLE: entry<{ readonly table: string; readonly database: string; readonly missing: readonly string[] }>({
    exit: 1,
    message: ({ table, database, missing }) =>
      `the journal ${table} of ${database} has no column ${missing.map((name) => `"${name}"`).join(', ')}; it comes from another release.`,
    hint: ({ table }) =>
      `finish what is under way with the release that it comes from; when nothing is, drop the table: drop table ${table}`,
  }),
}
