import type { Knex } from 'knex'

/** The second argument of `upgrade` and `downgrade`. */
export interface RevisionContext {
  /** The `-x key=value` arguments; a key without a value is the empty string. */
  readonly x: Readonly<Record<string, string>>
  /** The `--tag` argument. */
  readonly tag: string | undefined
  readonly direction: 'upgrade' | 'downgrade'
  /** Which SQL is spoken: `postgresql`, `mysql` (MariaDB too), `sqlite`, or Knex's own name of another client. */
  readonly dialect: string
  /** True while a script is written with `--sql`: nothing reaches the database, and reads of rows are refused. */
  readonly offline: boolean
  /** Aborted when the run is interrupted; pass it on to whatever else the revision does. */
  readonly signal: AbortSignal
  /** Says something to whoever watches the run. */
  log(text: string): void
}

/**
 * What `upgrade` and `downgrade` are. `knex` is for this call only, and a transaction unless the revision opts out. A
 * promise that is returned is waited for, any other result is ignored. What it throws fails the step with
 * REV_STEP_FAILED; statements that it built and never ran, or that still run after it has returned, fail it with
 * REV_STEP_FORGOTTEN.
 */
export type RevisionFunction = (knex: Knex, context: RevisionContext) => unknown

/** What `export const config` of a revision may say. */
export interface RevisionConfig {
  /** False to run without a transaction, as `export const transaction` says it, too. Default true. */
  readonly transaction?: boolean
  /**
   * How long each statement of this revision waits for a lock that another session holds on a table or row: milliseconds,
   * or text such as `10m`; 0 is as long as it takes. Stands above the option and the setting of that name.
   */
  readonly tableLockTimeout?: number | string
  /** How long each statement of this revision may take, written in the same way; 0 is without end. Stands above the others, too. */
  readonly statementTimeout?: number | string
  /**
   * How often the whole function is run again, in a fresh transaction, when it could not get a lock, or was chosen to end
   * a deadlock, and everything was rolled back. A whole number up to 100; needs a transaction. Default 0.
   */
  readonly retries?: number
}

/** The time limits and retries of one revision; undefined where it says nothing. */
export interface RevisionLimits {
  readonly tableLockTimeoutMs: number | undefined
  readonly statementTimeoutMs: number | undefined
  readonly retries: number
}

/** The checked exports of one revision file. */
export interface RevisionModule {
  readonly revision: string
  readonly upgrade: RevisionFunction
  /** Stands in for `upgrade` while a script is written with `--sql`; undefined when the file has none. */
  readonly offline?: RevisionFunction | undefined
  /** Undefined when the file has none or says `false`; then `irreversible` holds the reason. */
  readonly downgrade: RevisionFunction | undefined
  readonly irreversible: string | undefined
  /** False when the file opts out by `transaction = false` or `config = { transaction: false }`. */
  readonly transaction: boolean
  readonly limits: RevisionLimits
}
