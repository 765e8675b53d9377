/** What decides how a driver would bind a value, beside the value itself. */
export interface LiteralOptions {
  /**
   * How a Date is told: the `timezone` of a mysql2 connection, `local` (its default), `Z`, or an offset such as `+02:00`; for
   * the driver `pg` only the first two.
   */
  readonly timezone: string
  /** SQLite: true for a driver that binds whole numbers of 32 bits as integers; better-sqlite3 binds floats. */
  readonly keepsIntegers: boolean
  /** MySQL: text in which a backslash would stand is given in bytes, for a session where one may be a plain character. */
  readonly textInBytes: boolean
}

/** Writes one bound value as SQL. Throws ScriptFault for a value that the driver refuses or that SQL cannot say. */
export type WriteLiteral = (value: unknown, options: LiteralOptions) => string

/** The drivers as they are without settings. */
export const DEFAULT_LITERALS: LiteralOptions = { timezone: 'local', keepsIntegers: false, textInBytes: false }
