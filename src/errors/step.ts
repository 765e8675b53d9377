import { entry } from './define.ts'
import { repairs } from './repairs.ts'
import { sqlExcerpt } from './sql-excerpt.ts'
import { type NumberedStatement, outcomeLines, type StepOutcome, type WithOutcome } from './step-outcome.ts'

const at = (file: string | undefined, line: number | undefined): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`

const shown = (statement: string | undefined, position?: number): string =>
  statement === undefined ? '' : `\n${sqlExcerpt(statement, position)}`

/** What is known of a failure that has to do with locks or time limits. */
export interface LimitDetails {
  /** The time limit that ended the statement. */
  readonly limit?: {
    readonly name: 'tableLockTimeout' | 'statementTimeout'
    readonly ms: number
    readonly source: 'default' | 'setting' | 'option' | 'revision'
  }
  /** Other sessions that hold locks on what the statement names, in words. */
  readonly blockers?: readonly string[]
  /** How often it was tried, when that was more than once. */
  readonly attempts?: number
}

/** Where a statement or call stands in the revision file; both undefined when the stack does not tell. */
export interface StepPlace {
  readonly revision: string
  readonly file: string | undefined
  readonly line: number | undefined
}

/** Running the functions of revision files. */
export const stepErrors = {
  REV_STEP_FAILED: entry<
    StepPlace & {
      readonly direction: 'upgrade' | 'downgrade'
      /** With placeholders, never with values; undefined when the revision's own code threw. */
      readonly statement: string | undefined
      /** Where in the statement the database points, counted from 1. */
      readonly position: number | undefined
      readonly driverMessage: string
      /** What is known to help against this error of the database. */
      readonly remedy?: string
    } & LimitDetails &
      StepOutcome & { readonly failed: string }
  >({
    exit: 1,
    message: ({ revision, file, line, direction, statement, position, driverMessage, attempts, ...outcome }) =>
      `${direction} of "${revision}" failed${at(file, line)}${attempts === undefined ? '' : ` after ${attempts} attempts`}: ${driverMessage}${shown(statement, position)}${outcomeLines(outcome)}`,
    hint: ({
      rolledBack,
      committedStatements,
      uncertain,
      inDatabase,
      remedy,
      revision,
      direction,
      kept,
      unknown = [],
      byScript,
    }) => {
      if (inDatabase) return 'run the same command again: it goes on behind this step'
      if (uncertain) {
        const look = 'see where the database stands with rev current, then run the same command again'
        return remedy === undefined ? look : `${remedy}; ${look}`
      }
      if (rolledBack) return remedy ?? 'correct the revision file and run the same command again'
      if (byScript) return `look at the database and at the script; then ${repairs(revision, direction)}`
      const parts = [remedy, afterHalf(revision, direction, committedStatements, kept, unknown)]
      return parts.filter((part) => part !== undefined).join('; ')
    },
  }),

  REV_STEP_FORGOTTEN: entry<
    StepPlace &
      WithOutcome & {
        readonly statement: string
        /** `pending`: sent or waiting when the function returned; `never-run`: built only; `late`: started after the function had returned. */
        readonly state: 'pending' | 'never-run' | 'late'
        /** Further ones of the same kind. */
        readonly more: number
      }
  >({
    exit: 1,
    message: ({ revision, file, line, statement, state, more, outcome }) =>
      `"${revision}" ${
        {
          pending: 'returned while a statement was still under way',
          'never-run': 'built a statement and never ran it',
          late: 'used its handle after its function had returned',
        }[state]
      }${at(file, line)}${more === 0 ? '' : `, and ${more} more`}:${shown(statement)}${outcomeLines(outcome)}`,
    hint: () => 'await it, or return it; nothing was recorded as applied',
  }),

  REV_STEP_CONCURRENT_TRANSACTION: entry<StepPlace & WithOutcome & { readonly statement: string }>({
    exit: 1,
    message: ({ revision, file, line, statement, outcome }) =>
      `"${revision}" used its outer handle while a transaction was open on it${at(file, line)}; on one connection the two would undo each other:${shown(statement)}${outcomeLines(outcome)}`,
    hint: () => 'inside knex.transaction(async (trx) => ...) use trx only, and await one transaction before the next',
  }),

  REV_STEP_TRANSACTION_ENDED: entry<StepPlace & WithOutcome & { readonly statement: string | undefined }>({
    exit: 1,
    message: ({ revision, file, line, statement, outcome }) =>
      `"${revision}" ended the transaction that it runs in${at(file, line)}; rev commits it together with the version rows.${shown(statement)}${outcomeLines(outcome)}`,
    hint: () =>
      'throw an error to roll back; to commit by hand, put "export const transaction = false" in the revision file',
  }),

  REV_STEP_TRANSACTION_ABORTED: entry<
    StepPlace &
      WithOutcome & {
        readonly statement: string | undefined
        /** True when the database has rolled the transaction back already, as for a deadlock on MySQL. */
        readonly isGone?: boolean
      }
  >({
    exit: 1,
    message: ({ revision, file, line, statement, outcome }) =>
      `a statement of "${revision}" failed and its error was caught${at(file, line)}; the database has given up the whole transaction.${shown(statement)}${outcomeLines(outcome)}`,
    hint: ({ isGone }) =>
      isGone
        ? 'let the error through, or catch it around the whole transaction: nothing of that is left, and it can be tried again'
        : 'run a statement that may fail in a transaction of its own: await knex.transaction(async (trx) => ...).catch(...)',
  }),

  REV_STEP_ROLLBACK_LOST: entry<StepPlace & WithOutcome & { readonly statement: string | undefined }>({
    exit: 1,
    message: ({ revision, file, line, statement, outcome }) =>
      `"${revision}" rolled back a transaction of its own${at(file, line)} that a change of the schema had committed before, so nothing was undone.${shown(statement)}${outcomeLines(outcome)}`,
    hint: () =>
      'change the schema in one revision and the rows in another: MySQL and MariaDB commit with each change of the schema',
  }),

  REV_STEP_TRANSACTION_LEFT_OPEN: entry<StepPlace & WithOutcome>({
    exit: 1,
    message: ({ revision, file, line, outcome }) =>
      `"${revision}" opened a transaction and returned without ending it${at(file, line)}; that transaction was rolled back.${outcomeLines(outcome)}`,
    hint: () => 'use knex.transaction(async (trx) => ...), which always ends',
  }),

  REV_STEP_DESTROYED_HANDLE: entry<StepPlace & WithOutcome>({
    exit: 1,
    message: ({ revision, file, line, outcome }) =>
      `"${revision}" called destroy() on its handle${at(file, line)}; the connection belongs to the run.${outcomeLines(outcome)}`,
    hint: () => 'take the call out; rev closes what it opened',
  }),

  REV_STEP_UNBOUND_PLACEHOLDER: entry<StepPlace & WithOutcome & { readonly statement: string }>({
    exit: 1,
    message: ({ revision, file, line, statement, outcome }) =>
      `a statement of "${revision}" has a "?" without a value${at(file, line)}; Knex would send it as "$1":${shown(statement)}${outcomeLines(outcome)}`,
    hint: () => 'bind a value, or write \\\\? for a question mark that is an operator',
  }),

  REV_STEP_FOREIGN_KEYS: entry<
    WithOutcome & {
      readonly revision: string
      readonly file: string | undefined
      /** The first of them; `rowid` is null for tables that have none. */
      readonly violations: readonly { readonly table: string; readonly rowid: number | null; readonly parent: string }[]
      readonly total: number
      /** SQLite's own words when a foreign key does not even fit its parent; then there are no violations to list. */
      readonly mismatch?: string
    }
  >({
    exit: 1,
    message: ({ revision, file, violations, total, mismatch, outcome }) =>
      [
        mismatch === undefined
          ? `"${revision}" leaves ${total} row${total === 1 ? ' that refers' : 's that refer'} to nothing${at(file, undefined)}.`
          : `"${revision}" leaves a foreign key that SQLite cannot use${at(file, undefined)}: ${mismatch}`,
        ...violations.map((v) => `  ${v.table}${v.rowid === null ? '' : ` rowid ${v.rowid}`} refers to ${v.parent}`),
      ].join('\n') + outcomeLines(outcome),
    hint: ({ mismatch }) =>
      mismatch !== undefined
        ? 'the columns that a foreign key refers to need a primary key or a unique index'
        : 'foreign keys are off while a revision runs on SQLite, so deletes do not cascade: delete or update the children first',
  }),

  REV_STEP_SQLITE_REBUILD: entry<
    WithOutcome & {
      readonly revision: string
      readonly file: string | undefined
      readonly table: string
      /** What would be lost or broken: `trigger "a"`, `view "b"`, `children in "c"`. */
      readonly lost: readonly string[]
      readonly reason: string
    }
  >({
    exit: 1,
    message: ({ revision, file, table, lost, reason, outcome }) =>
      `"${revision}" makes Knex rebuild the table "${table}"${at(file, undefined)}, which would lose or break ${lost.join(', ')}: ${reason}${outcomeLines(outcome)}`,
    hint: () => 'drop what depends on the table first, and create it again after the change',
  }),

  REV_STEP_SILENT_CHANGE: entry<
    StepPlace &
      WithOutcome & {
        /** What would be done, and was not meant; a sentence without its end. */
        readonly what: string
        readonly remedy: string
      }
  >({
    exit: 1,
    message: ({ revision, file, line, what, outcome }) =>
      `"${revision}" was stopped before something else was done than it says${at(file, line)}: ${what}.${outcomeLines(outcome)}`,
    hint: ({ remedy }) => remedy,
  }),

  REV_IRREVERSIBLE: entry<{
    readonly revisions: readonly {
      readonly revision: string
      readonly file: string | undefined
      readonly reason: string
    }[]
  }>({
    exit: 1,
    message: ({ revisions }) =>
      [
        'this downgrade passes through revisions that cannot be reverted; nothing was run.',
        ...revisions.map((r) => `  ${r.revision}${at(r.file, undefined)}: ${r.reason}`),
      ].join('\n'),
    hint: () => 'choose a target above them, or give them a downgrade function',
  }),

  REV_INTERRUPTED: entry<WithOutcome & { readonly signal: string }>({
    exit: 130,
    message: ({ signal, outcome }) => `interrupted by ${signal}.${outcomeLines(outcome)}`,
    hint: ({ outcome }) => afterStop(outcome),
  }),

  REV_TERMINATED: entry<WithOutcome & { readonly signal: string }>({
    exit: 143,
    message: ({ signal, outcome }) => `ended by ${signal}.${outcomeLines(outcome)}`,
    hint: ({ outcome }) => afterStop(outcome),
  }),

  REV_INTERNAL: entry<{ what: string }>({
    exit: 1,
    message: ({ what }) => `this is a defect of rev itself: ${what}`,
    hint: () => 'please report it with the trace above',
  }),
}

function afterStop(outcome: StepOutcome | undefined): string | undefined {
  if (outcome === undefined || outcome.committedStatements === 0) return undefined
  if (outcome.kept === undefined) return 'undo by hand what is there already before the revision is run again'
  return 'run the same command again: it goes on behind the statements that are done'
}

/** What to do when a part of the step is in the database. */
function afterHalf(
  revision: string,
  direction: 'upgrade' | 'downgrade',
  committed: number,
  kept: readonly NumberedStatement[] | undefined,
  unknown: readonly NumberedStatement[],
): string {
  if (unknown.length > 0)
    return `run the ${direction} again: it looks whether that took place; where it cannot tell, it says so, and goes on by your word: rev repair ${revision} --resume --unknown done (or not-done)`
  if (committed === 0) return 'correct the revision file and run the same command again'
  if (kept === undefined) {
    return 'undo by hand what is there already, or take it out of the file, then run the same command again'
  }
  const undone = direction === 'upgrade' ? '--reverted' : '--applied'
  return `correct the statement that failed and run the ${direction} again: it goes on behind those that are done; or undo them by hand and say so: rev repair ${revision} ${undone} --reason TEXT`
}
