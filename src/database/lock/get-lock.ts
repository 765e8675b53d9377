import type { PinnedConnection } from '../pinned-connection.ts'
import type { TableName } from '../tables.ts'
import type { LockKind } from './lock-kind.ts'

/**
 * SQL for the lock's name, from SQL for schema and table: computed by the server, so that tool and script agree. It
 * holds the database, because these locks are the whole server's; and lower-case hex, because servers differ in case.
 */
export function lockNameSql(schema: string, table: string): string {
  return `concat('rev:', left(sha2(concat(lower(${schema}), '.', ${table}), 256), 40))`
}

/** MySQL's and MariaDB's named lock of the session; commits and DDL leave it alone. */
export async function getLock(connection: PinnedConnection, table: TableName): Promise<LockKind> {
  const first = async (sql: string, bindings: readonly unknown[]): Promise<unknown> =>
    Object.values((await connection.query(sql, bindings)).rows[0] ?? {})[0]
  const name = String(await first(`select ${lockNameSql('?', '?')} as name`, [table.schema ?? '', table.name]))
  return {
    // Timeout 0: a negative one waits for ever on MySQL and is an error on MariaDB.
    tryTake: async () => Number(await first('select get_lock(?, 0) as taken', [name])) === 1,
    isHeld: async () => Number(await first('select is_used_lock(?) = connection_id() as held', [name])) === 1,
    async findHolder() {
      const { rows } = await connection.query(
        `select id as id, user as user, host as host, db as db from information_schema.processlist
         where id = is_used_lock(?)`,
        [name],
      )
      const holder = rows[0]
      if (holder) return `connection ${holder.id}, user ${holder.user}, from ${holder.host}`
      // Without the PROCESS privilege other users' sessions are not listed; their number is known all the same.
      const id = await first('select is_used_lock(?) as id', [name])
      return id === null || id === undefined ? undefined : `connection ${String(id)}`
    },
    release: async () => Number(await first('select release_lock(?) as done', [name])) === 1,
  }
}
