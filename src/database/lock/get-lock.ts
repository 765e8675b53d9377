import { isRevError, RevError } from '../../errors/index.ts'
import type { Database } from '../open-database.ts'
import { driverMessage } from '../pin.ts'
import { type LockHolder, toHolder } from './lock-holder.ts'
import type { LockKind } from './lock-kind.ts'
import { statementWords } from './statement-words.ts'

/**
 * SQL for the lock's name, from SQL for schema and table: computed by the server, so that tool and script agree. It
 * holds the database, because these locks are the whole server's; and lower-case hex, because servers differ in case.
 */
export function lockNameSql(schema: string, table: string): string {
  return `concat('rev:', left(sha2(concat(lower(${schema}), '.', ${table}), 256), 40))`
}

/**
 * MySQL's and MariaDB's named lock of the session; commits and DDL leave it alone. Taking it throws REV_DATABASE_LOCK_FAILED
 * on a cluster, which has none.
 */
export async function getLock(database: Database): Promise<LockKind> {
  const { connection } = database
  const { version: table } = database.tables
  const first = async (sql: string, bindings: readonly unknown[]): Promise<unknown> =>
    Object.values((await connection.query(sql, bindings)).rows[0] ?? {})[0]
  const name = String(await first(`select ${lockNameSql('?', '?')} as name`, [table.schema ?? '', table.name]))
  return {
    async tryTake() {
      try {
        // Timeout 0: a negative one waits for ever on MySQL and is an error on MariaDB.
        const taken = await first('select get_lock(?, 0) as taken', [name])
        if (taken !== null && taken !== undefined) return Number(taken) === 1
      } catch (error) {
        throw isUnsupported(error) ? noSuchLock(database, error) : error
      }
      const reason = 'the server answered get_lock with NULL'
      throw new RevError('REV_DATABASE_LOCK_FAILED', { database: database.description.text, reason })
    },
    isHeld: async () => Number(await first('select is_used_lock(?) = connection_id() as held', [name])) === 1,
    async findHolder() {
      const { rows } = await connection.query(
        `select id as id, user as user, host as host, if(command in ('Query', 'Execute'), info, null) as query,
           time * 1000 as ms from information_schema.processlist where id = is_used_lock(?)`,
        [name],
      )
      const holder = rows[0]
      if (holder) return holderOf(holder)
      // Without the PROCESS privilege other users' sessions are not listed; their number is known all the same.
      const id = await first('select is_used_lock(?) as id', [name])
      return id === null || id === undefined ? undefined : toHolder({ connection: Number(id) })
    },
    release: async () => Number(await first('select release_lock(?) as done', [name])) === 1,
  }
}

function holderOf({ id, user, host, query, ms }: Record<string, unknown>): LockHolder {
  const statement = typeof query === 'string' ? statementWords(query, 'mysql') : undefined
  return toHolder({
    connection: Number(id),
    user: String(user),
    address: String(host),
    statement,
    statementMs: statement === undefined ? undefined : Number(ms),
  })
}

// "This version of MariaDB doesn't yet support 'GET_LOCK in cluster (WSREP_ON=ON)'": Galera.
const NOT_SUPPORTED_YET = 1235

/** Whether the server says that it has no such lock at all. */
export function isUnsupported(error: unknown): boolean {
  return isRevError(error) && (error.cause as { errno?: unknown } | undefined)?.errno === NOT_SUPPORTED_YET
}

function noSuchLock({ description }: Database, error: unknown): RevError {
  const { cause } = error as Error
  const reason = driverMessage(cause)
  const remedy = 'a cluster (Galera) has no lock that all of its servers know: set lock to "lease" under "rev"'
  return new RevError('REV_DATABASE_LOCK_FAILED', { database: description.text, reason, remedy }, { cause })
}
