import { findColumns } from '../catalogue.ts'
import type { DialectFacts } from '../dialect.ts'
import type { Database } from '../open-database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import type { TableName } from '../tables.ts'
import { ensureTable } from '../version-table.ts'
import { type LockHolder, toHolder } from './lock-holder.ts'

/*
 * Two rows: `lock` says whose the lease is and changes only when it changes hands, `beat` says until when and is written
 * again and again. In one row, a transaction that reads the database as it was at its beginning (REPEATABLE READ) could
 * not prove at its end whose the lease is: the row would have changed under it, by the heartbeat of its own run.
 */
export const LOCK_ROW = "name = 'lock'"
export const BEAT_ROW = "name = 'beat'"

/** What differs between the databases. All moments are those of the server's clock, in UTC. */
interface LeaseSql {
  readonly moment: string
  readonly now: string
  readonly fill: (table: string) => string
  /** SQL for the moment so many milliseconds from now; they are bound. */
  readonly later: string
  /**
   * SQL that takes the lease when its token is still the one that was seen, and changes both rows then. Binds the owner,
   * the milliseconds and that token.
   */
  readonly take: (table: string) => string
  /** SQL for the milliseconds until `expires_at`. */
  readonly left: string
}

const PG_LATER = `clock_timestamp() + cast(? as integer) * interval '1 millisecond'`
const MYSQL_LATER = 'utc_timestamp(3) + interval ? * 1000 microsecond'
const takeWith = (later: string) => (table: string) =>
  `update ${table} set token = token + 1, owner = ?, expires_at = ${later} where token = ?`

const POSTGRESQL: LeaseSql = {
  moment: 'timestamp(3) with time zone',
  now: 'clock_timestamp()',
  fill: (table) => `insert into ${table} (name, token) values ('lock', 0), ('beat', 0) on conflict do nothing`,
  later: PG_LATER,
  // A row that another run is at work with is not waited for.
  take: (table) =>
    `${takeWith(PG_LATER)(table)} and (select count(*) from
       (select name from ${table} for update skip locked) as free) = 2`,
  left: 'extract(epoch from expires_at - clock_timestamp()) * 1000',
}

const MYSQL: LeaseSql = {
  moment: 'datetime(3)',
  now: 'utc_timestamp(3)',
  fill: (table) => `insert ignore into ${table} (name, token) values ('lock', 0), ('beat', 0)`,
  later: MYSQL_LATER,
  take: takeWith(MYSQL_LATER),
  left: 'timestampdiff(microsecond, utc_timestamp(3), expires_at) / 1000',
}

/** The SQL of leases; undefined for a database that rev keeps none on. */
export function leaseSql({ name }: DialectFacts): LeaseSql | undefined {
  if (name === 'postgresql') return POSTGRESQL
  return name === 'mysql' ? MYSQL : undefined
}

/** Creates the table of the lease, and its rows, when they are missing. */
export async function ensureLeaseTable(database: Database, { moment, fill }: LeaseSql): Promise<void> {
  const { connection, dialect, tables } = database
  const { lock } = tables
  const text = dialect.name === 'mysql' ? 'varchar(255) character set utf8mb4' : 'varchar(255)'
  const key = dialect.quote(`${lock.name}_pkc`)
  const ddl = `create table ${lock.sql} (name varchar(16) not null, token bigint not null, owner ${text},
    expires_at ${moment}, constraint ${key} primary key (name))`
  // Nothing keeps two first runs apart here: whoever was slower finds at the second attempt what the other one made.
  await ensureTable(database, lock, ddl).catch(() => ensureTable(database, lock, ddl))
  const { rows } = await connection.query(`select name from ${lock.sql}`)
  if (rows.length < 2) await connection.query(fill(lock.sql))
}

/** Who holds the lease now; undefined when nobody does, it has run out, or there is no such table. Creates nothing. */
export async function findLeaseHolder(database: Database): Promise<LockHolder | undefined> {
  const sql = leaseSql(database.dialect)
  if (sql === undefined || (await findColumns(database, database.tables.lock)) === undefined) return undefined
  return readLeaseHolder(database.connection, database.tables.lock, sql)
}

/** The same, where the table is known to be there. */
export async function readLeaseHolder(
  connection: PinnedConnection,
  table: TableName,
  { now, left }: LeaseSql,
): Promise<LockHolder | undefined> {
  const { rows } = await connection.query(
    `select owner as owner, ${left} as ms from ${table.sql} where ${BEAT_ROW} and expires_at > ${now}`,
  )
  const [holder] = rows
  if (holder === undefined) return undefined
  const [, name, host, id] = /^((?:.*)@(.+), process (\d+)), \S+$/.exec(String(holder.owner)) ?? []
  return toHolder({
    name: name ?? String(holder.owner),
    leaseEndsInMs: Math.round(Number(holder.ms)),
    process: host === undefined ? undefined : { id: Number(id), host },
  })
}
