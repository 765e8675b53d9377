import type { Knex } from 'knex'
import type { DialectFacts } from '../../database/dialect.ts'
import type { StatementGate } from '../../database/handle/statement-gate.ts'
import type { WantedLimits } from '../../database/limits/time-limit.ts'
import type { RevTables } from '../../database/tables.ts'
import type { Direction } from '../../graph/plan-types.ts'
import type { RowChange } from '../../graph/version-rows.ts'
import type { RevisionLimits } from '../../script/revision-module.ts'
import type { RevSettings } from '../../settings.ts'
import type { ScriptStatement } from '../fill-placeholders.ts'
import type { SchemaCheck } from '../reads/schema-read.ts'

/** Which program a script is made for: the client of its database, or any other, which knows no commands but SQL. */
export type SqlClient = 'psql' | 'mysql' | 'sqlite3' | 'generic'

/** What is known of a script before its first step is recorded. */
export interface ScriptFacts {
  readonly direction: Direction | 'ensure-version' | 'seed'
  readonly dialect: DialectFacts
  readonly tables: RevTables
  readonly settings: Pick<RevSettings, 'role' | 'schema'> & Partial<Pick<RevSettings, 'project'>> & WantedLimits
  readonly knexConfig: Knex.Config
  /** The version rows that the database must have; none means base. */
  readonly startRows: readonly string[]
  readonly client: SqlClient
  /** False with `--no-guard`: no guard, no lock and no checks, for a team that puts the SQL into something of its own. */
  readonly guarded: boolean
  /** A first upgrade may go on in a database that has tables and no version table. */
  readonly allowNonEmpty: boolean
  /** Why, in the user's words, for every event; default none. */
  readonly reason?: string | undefined
}

/** What is known when everything was recorded. */
export interface ScriptEnd {
  /** The version rows after the last step. */
  readonly rows: readonly string[]
  /** Answers of a shadow that the database must give before the first step. */
  readonly checks: readonly SchemaCheck[]
  /** Some step changed settings of the session, so they are to be remembered at the start. */
  readonly changesSession: boolean
  /** MySQL: the first revision whose SQL means something else where a backslash is a plain character. */
  readonly backslashesIn: string | undefined
}

/** One step as the script sees it. */
export interface ScriptStep {
  readonly direction: Direction | 'seed'
  /** The id of the revision, or the name of the seed. */
  readonly revision: string
  /** False for a revision that opted out of its transaction. Stamps have one. */
  readonly transaction: boolean
  /** What the revision itself says; undefined for a stamp. */
  readonly limits?: RevisionLimits | undefined
  readonly checksum: string | undefined
  /** The version rows before and after. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly changes: readonly RowChange[]
}

/** How a step ended, for its event. */
export interface StepEnd {
  /** As an online run counts them; 0 for a stamp. */
  readonly statements: number
  /** The last step of the script writes the event that the run is done, in the same transaction. */
  readonly last: { readonly rowsBefore: readonly string[] } | undefined
}

/** What may be done with script and shadow from within a step. */
export interface StepSession {
  readonly gate: Pick<StatementGate, 'violate' | 'origin'>
  readonly revision: string
  readonly file: string | undefined
  /** Puts a statement of rev's own into the script here, and carries it out on the shadow when one is running. */
  write(sql: string): Promise<void>
  /** Puts text into the script alone. */
  text(text: string): Promise<void>
  /** Rows of the shadow, which is started when it is not running. Nothing of it is put into the script. */
  ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Keeps a step on its dialect from losing something without a word, as online. */
export interface StepCare {
  /** How to send a statement of Knex; undefined for most. */
  surround(sql: string): ((send: () => Promise<unknown>) => Promise<unknown>) | undefined
  /**
   * The driver's response to a question about the session, not about the schema, which the script knows by itself;
   * undefined for everything else.
   */
  answer(sql: string): unknown
  /** After the function and before the version rows. */
  check(): Promise<void>
}

/**
 * What one family of SQL puts into a script around the statements of the revisions. One object serves one script. Every
 * method gives whole lines that end with a line end, or the empty text; the order of calls is the order of the script,
 * but for `opening`, which is asked for last and stands first.
 */
export interface ScriptDialect {
  /** How the script is handed to its client, in one line for the header. */
  readonly runWith: string
  /** True where a transaction is opened right before a change of rows, because a change of the schema commits. */
  readonly opensLate: boolean
  /** More lines for the header: what a reader must know of this dialect, such as that DDL is not rolled back. */
  readonly notes: readonly string[]
  /**
   * From the first line after the header to the first step: commands of the client, settings of the session, the guard
   * (read-only until lock, version rows and checks are proven), rev's own tables where they are missing, the event that
   * the run has begun.
   */
  opening(end: ScriptEnd): string
  /** Only the settings of the session, for a script that has nothing to do; and rev's version table for `ensure-version`. */
  ensureVersion(): string
  /** Before the transaction of a step: proves again what a client that ignores errors may have jumped over. */
  beforeStep(step: ScriptStep): string
  begin(statement?: string): string
  /** The first lines within the transaction of a step. */
  afterBegin(step: ScriptStep): string
  commit(): string
  rollback(): string
  /** A savepoint, or the end of one. Default: the statement alone. */
  control?(sql: string): string
  /** One statement with what ends it, and with what a client that ignores errors needs after it. */
  statement(statement: ScriptStatement, inTransaction: boolean): string
  /** Whether the statement commits whatever is open. */
  commitsByItself(sql: string): boolean
  /** Whether a statement of a revision begins a transaction, or ends one. Default: that makes no difference. */
  opensOrEnds?(sql: string): 'opens' | 'ends' | undefined
  /** The script stops here when the check fails. */
  check(check: SchemaCheck): string
  /** The script stops here, with this message of one line, where the condition holds. */
  refuseIf(condition: string, message: string): string
  /** Brings the settings of the session back to what they were after `opening`. */
  restoreSession(): string
  /** The version rows by compare-and-swap, then the events; within a transaction. */
  record(step: ScriptStep, end: StepEnd): string
  /** After the transaction of a step. */
  afterStep(step: ScriptStep): string
  /** Gives the lock back, and asks the database where it is. */
  closing(end: ScriptEnd): string
  /** Stops every client here, with this message. */
  stop(message: string): string
  /** For one step with a function. */
  careFor(step: ScriptStep, session: StepSession): Promise<StepCare>
}
