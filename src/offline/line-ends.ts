import type { SqlClient } from './dialects/script-dialect.ts'

const DROPS_ONE: ReadonlySet<SqlClient> = new Set(['mysql', 'sqlite3'])

/**
 * A statement as its client has to find it in a file. `mariadb`, `mysql` and `sqlite3` drop the carriage return before a line
 * end, and one only; bodies and definitions are kept by the database as they are sent.
 */
export function keepCarriageReturns(sql: string, client: SqlClient): string {
  return sql.includes('\r') && DROPS_ONE.has(client) ? sql.replaceAll('\r\n', '\r\r\n') : sql
}
