/** What decides how a driver would bind a value, beside the value itself. */
export interface LiteralOptions {
  /** The `timezone` of a mysql2 connection: `local` (its default), `Z`, or an offset such as `+02:00`. */
  readonly timezone: string
}

/** Writes one bound value as SQL. Throws ScriptFault for a value that the driver refuses or that SQL cannot say. */
export type WriteLiteral = (value: unknown, options: LiteralOptions) => string
