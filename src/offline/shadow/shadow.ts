/**
 * A scratch database that holds the schema which the target database has at one place of a script: it has replayed the
 * history from base to the start of the script, and everything that the script does up to here. It answers reads of the
 * schema while the script is written. It has no rows of the user's.
 */
export interface Shadow {
  /** What it is, for messages: `SQLite in memory`, `PGlite`, `a scratch database on 127.0.0.1:5432`, ... Never a secret. */
  readonly name: string
  /** The name of its database, which means nothing anywhere else; undefined where there is none. */
  readonly database: string | undefined
  /** Carries out one statement of the script, as it stands there. Throws the driver's error. */
  execute(sql: string): Promise<void>
  /** Takes back what the statements have set in the session, as after each step of a run. Throws the driver's error. */
  restoreSession(): Promise<void>
  /** The driver's answer to a read, in the form that Knex's `processResponse` expects as `response`. Throws the driver's error. */
  read(sql: string): Promise<unknown>
  /** The one text that a SELECT of one row and one column gives; null for NULL. Throws the driver's error. */
  scalar(sql: string): Promise<string | null>
  /** Throws the scratch database away; to be called in every ending, may be called twice. */
  close(): Promise<void>
}
