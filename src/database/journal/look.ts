import { sqlFamilyOf } from '../../sql/sql-family.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { lookMysql } from './look-mysql.ts'
import { lookPostgres } from './look-postgres.ts'
import { NOT_DONE, type StatementLook } from './settlement.ts'

// VACUUM, the one statement of SQLite that is refused in a transaction, may be done again.
const REPEATABLE: StatementLook = { before: async () => undefined, settle: async () => NOT_DONE }

/** How to find out about a statement that the database commits by itself. Reads only. */
export function lookAt(connection: PinnedConnection, sql: string): StatementLook {
  const family = sqlFamilyOf(connection.dialect.name)
  if (family === 'mysql') return lookMysql(connection, sql)
  if (family === 'postgresql') return lookPostgres(connection, sql)
  return REPEATABLE
}
