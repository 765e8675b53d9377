import type { PinnedConnection } from '../pinned-connection.ts'
import type { TableName } from '../tables.ts'
import { type LockHolder, toHolder } from './lock-holder.ts'
import type { LockKind } from './lock-kind.ts'
import { statementWords } from './statement-words.ts'

// "rev1" as a number: keeps rev's keys apart from those of applications.
export const ADVISORY_CLASS = 1919252017

/** SQL for the second half of the key, from SQL for schema and table: computed by the server, so that tool and script agree. */
export function advisoryKeySql(schema: string, table: string): string {
  return `hashtext(cast(${schema} as text) || '.' || cast(${table} as text))`
}

/**
 * PostgreSQL's advisory lock of the session. In a caller's transaction it is that of the transaction instead: it is kept
 * until the caller commits, which is when the work becomes true.
 */
export async function advisoryLock(connection: PinnedConnection, table: TableName): Promise<LockKind> {
  const first = async (sql: string, bindings: readonly unknown[]): Promise<unknown> =>
    Object.values((await connection.query(sql, bindings)).rows[0] ?? {})[0]
  const key = Number(await first(`select ${advisoryKeySql('?', '?')} as key`, [table.schema ?? '', table.name]))
  const both = [ADVISORY_CLASS, key]
  const attempt = connection.joined ? 'pg_try_advisory_xact_lock' : 'pg_try_advisory_lock'
  const granted = `locktype = 'advisory' and classid = cast(? as bigint)::oid and objid = (cast(? as bigint) & 4294967295)::oid
    and objsubid = 2 and granted and database = (select oid from pg_catalog.pg_database where datname = current_database())`
  return {
    tryTake: async () => (await first(`select ${attempt}(cast(? as int), cast(? as int)) as taken`, both)) === true,
    isHeld: async () =>
      Number(
        await first(`select count(*) as n from pg_catalog.pg_locks where pid = pg_backend_pid() and ${granted}`, both),
      ) > 0,
    async findHolder() {
      const { rows } = await connection.query(
        `select a.pid, a.usename, a.application_name, host(a.client_addr) as address,
           to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
           case when a.state = 'active' then a.query end as query,
           extract(epoch from clock_timestamp() - a.query_start) * 1000 as ms
         from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid) where ${granted}`,
        both,
      )
      const holder = rows[0]
      return holder && holderOf(holder)
    },
    release: async () =>
      connection.joined ||
      (await first('select pg_advisory_unlock(cast(? as int), cast(? as int)) as done', both)) === true,
  }
}

// What another user's session does is shown only to those who may see it; the rest is null then.
function holderOf(row: Record<string, unknown>): LockHolder {
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
  const query = text(row.query)
  const statement = query === undefined ? undefined : statementWords(query, 'postgresql')
  return toHolder({
    connection: Number(row.pid),
    user: text(row.usename),
    application: text(row.application_name),
    address: text(row.address),
    connectedAt: text(row.since),
    statement,
    statementMs: statement === undefined ? undefined : Math.max(0, Math.round(Number(row.ms))),
  })
}
