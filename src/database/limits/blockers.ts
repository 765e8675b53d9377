import { sqlFamilyOf } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'
import { toHolder } from '../lock/lock-holder.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

const MOST_BLOCKERS = 3
const MOST_NAMES = 60

/**
 * Other sessions that hold locks on what a statement names, in words, as far as the server tells this user; empty where it
 * does not, on SQLite, and within a transaction that has failed. Never throws. They may be more than those that were waited
 * for: the wait is over, so nobody can be asked for it alone.
 */
export async function findBlockers(connection: PinnedConnection, sql: string | undefined): Promise<readonly string[]> {
  const queries =
    sql === undefined ? [] : queriesFor(connection.dialect.name, namesIn(sql, connection.dialect.name), sql)
  for (const { text, values } of queries) {
    const found = await connection.query(text, values).catch(() => undefined)
    if (found !== undefined && found.rows.length > 0) return found.rows.slice(0, MOST_BLOCKERS).map(toWords)
  }
  return []
}

interface Query {
  readonly text: string
  readonly values: readonly unknown[]
}

function queriesFor(dialect: string, names: readonly string[], sql: string): readonly Query[] {
  if (names.length === 0) return []
  const marks = names.map(() => '?').join(', ')
  if (dialect === 'postgresql') {
    // Whoever only reads is in the way of a change of the schema, and of nothing else.
    const readers = /^\s*(?:insert|update|delete|select|with|merge)\b/i.test(sql)
      ? "and l.mode <> 'AccessShareLock'"
      : ''
    return [{ text: postgresQuery(marks, readers), values: names }]
  }
  if (dialect !== 'mysql') return []
  return [
    { text: mysqlQuery(marks), values: names },
    { text: mariadbQuery(marks), values: names },
    { text: OPEN_TRANSACTIONS, values: [] },
  ]
}

const postgresQuery = (marks: string, readers: string): string =>
  `select a.pid as connection, a.usename as "user", nullif(a.application_name, '') as application, host(a.client_addr) as address,
     a.state, extract(epoch from clock_timestamp() - a.xact_start) * 1000 as ms
   from pg_catalog.pg_stat_activity a
   where a.pid in (select l.pid from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
     where l.granted and l.locktype = 'relation' and l.pid <> pg_catalog.pg_backend_pid() ${readers}
       and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
       and c.relnamespace <> 'pg_catalog'::regnamespace and c.relname in (${marks}))
   order by a.xact_start nulls last limit ${MOST_BLOCKERS}`

const PROCESS = 'p.id as connection, p.user as user, p.host as address, p.command as state'

const mysqlQuery = (marks: string): string =>
  `select distinct ${PROCESS} from performance_schema.metadata_locks m
   join performance_schema.threads t on t.thread_id = m.owner_thread_id
   join information_schema.processlist p on p.id = t.processlist_id
   where m.object_type = 'TABLE' and m.lock_status = 'GRANTED' and m.object_name in (${marks}) and p.id <> connection_id()
   order by p.id limit ${MOST_BLOCKERS}`

const mariadbQuery = (marks: string): string =>
  `select distinct ${PROCESS} from information_schema.metadata_lock_info m
   join information_schema.processlist p on p.id = m.thread_id
   where m.table_name in (${marks}) and p.id <> connection_id() order by p.id limit ${MOST_BLOCKERS}`

// Where nobody tells whose the locks are: whoever has a transaction open in this database.
const OPEN_TRANSACTIONS = `select ${PROCESS}, timestampdiff(microsecond, t.trx_started, now()) / 1000 as ms
   from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
   where p.id <> connection_id() and p.db = database() order by t.trx_started limit ${MOST_BLOCKERS}`

function toWords(row: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string | undefined => (row[name] == null ? undefined : String(row[name]))
  const { text: who } = toHolder({
    connection: Number(row.connection),
    user: text('user'),
    application: text('application'),
    address: text('address'),
  })
  const state = text('state')
  const open = row.ms == null ? '' : `, in a transaction for ${(Math.max(0, Number(row.ms)) / 1000).toFixed(1)} s`
  return `${who}${state === undefined ? '' : `, ${state.toLowerCase()}`}${open}`
}

/** Every word of a statement that may be the name of something; the server knows which of them are. */
function namesIn(sql: string, dialect: string): readonly string[] {
  const family = sqlFamilyOf(dialect)
  if (family === undefined) return []
  const names = new Set<string>()
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const text = sql.slice(start, end)
    if (kind === 'code')
      for (const word of text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []) names.add(inCase(word, dialect))
    else if (/^["`]/.test(text)) names.add(text.slice(1, -1).replaceAll(`${text[0]}${text[0]}`, text[0] ?? ''))
  }
  return [...names].slice(0, MOST_NAMES)
}

const inCase = (word: string, dialect: string): string => (dialect === 'postgresql' ? word.toLowerCase() : word)
