import type { PinnedConnection } from '../pinned-connection.ts'

/** Whether a backslash in a string is a plain character on this session: MySQL's `NO_BACKSLASH_ESCAPES`. */
export interface BackslashMode {
  arePlain: boolean
}

/** Asks the session; other databases than MySQL and MariaDB are not asked. */
export async function readBackslashMode(connection: PinnedConnection): Promise<BackslashMode> {
  if (connection.dialect.name !== 'mysql') return { arePlain: false }
  const { rows } = await connection.query('select @@session.sql_mode as mode')
  return { arePlain: /\bNO_BACKSLASH_ESCAPES\b/i.test(String(rows[0]?.mode)) }
}

/** Whether a statement of a revision may set the mode. */
export function maySetMode(sql: string): boolean {
  return /\bsql_mode\b/i.test(sql)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the drivers escape
const ESCAPED_BY_DRIVERS = /[\0\b\t\n\r\x1a"'\\]/

/**
 * A value that the drivers of MySQL write right in every mode: they escape with backslashes, whatever the session says,
 * so text that needs escaping is handed over as bytes.
 */
export function bindableInEveryMode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bindableInEveryMode)
  return typeof value === 'string' && ESCAPED_BY_DRIVERS.test(value) ? new BytesOfText(value) : value
}

class BytesOfText {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** What the drivers write in place of the value. */
  toSqlString(): string {
    return `_utf8mb4 X'${Buffer.from(this.#text, 'utf8').toString('hex')}'`
  }
}
