import { RevError } from '../errors/index.ts'
import type { DialectFacts } from './dialect.ts'
import type { Database } from './open-database.ts'
import { findOwnSchema } from './own-schema.ts'
import { ownTableNames } from './tables.ts'

const NAMED_TABLES = 5

/** Refuses a server that takes no writes, before anything is tried on it. Throws REV_DATABASE_READ_ONLY. */
export async function assertWritable({ connection, dialect, description }: Database): Promise<void> {
  const reason = await findReadOnlyReason(dialect.name, async (sql) =>
    // A switch is 1 or, on some servers, a word such as ON.
    Object.values((await connection.query(sql)).rows[0] ?? {}).map(
      (value) => !['0', 'OFF', 'null'].includes(String(value)),
    ),
  )
  if (reason !== undefined) throw new RevError('REV_DATABASE_READ_ONLY', { database: description.text, reason })
}

async function findReadOnlyReason(
  dialect: string,
  ask: (sql: string) => Promise<boolean[]>,
): Promise<string | undefined> {
  if (dialect === 'postgresql') {
    const [recovery, readOnly] = await ask(
      `select pg_is_in_recovery()::int, (current_setting('transaction_read_only') = 'on')::int`,
    )
    if (recovery) return 'the server is a standby (pg_is_in_recovery)'
    if (readOnly) return 'the session is read-only (default_transaction_read_only)'
  }
  if (dialect === 'mysql') {
    const [readOnly, engine] = await ask('select @@global.read_only as a, @@global.innodb_read_only as b')
    if (readOnly || engine) return 'the server is a replica or set read-only (read_only)'
  }
  return undefined
}

/**
 * Refuses the first upgrade of a database that holds tables, but no version table: which revisions it has cannot be
 * known. What belongs to extensions does not count. Throws REV_DATABASE_NOT_EMPTY.
 */
export async function assertEmpty(database: Database): Promise<void> {
  const tables = await listTables(database)
  if (tables.length === 0) return
  throw new RevError('REV_DATABASE_NOT_EMPTY', {
    database: database.description.text,
    table: database.tables.version.text,
    tables: tables.slice(0, NAMED_TABLES),
    count: tables.length,
  })
}

/** The query for the tables, as `name`, that make a database not empty; `?` stands for the schema. Undefined for none. */
export function tablesSql(dialect: DialectFacts): string | undefined {
  return TABLES_OF[dialect.name]
}

async function listTables({ connection, dialect, tables }: Database): Promise<string[]> {
  const sql = tablesSql(dialect)
  if (sql === undefined) return []
  const schema = await findOwnSchema(connection)
  if (schema === undefined) return []
  const { rows } = await connection.query(sql, sql.includes('?') ? [schema] : [])
  const own = new Set(ownTableNames(tables))
  return rows.map(({ name }) => String(name)).filter((name) => !own.has(name))
}

const TABLES_OF: Readonly<Record<string, string>> = {
  postgresql: `select c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ? and c.relkind in ('r', 'p', 'f') and not exists (select 1 from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') order by c.relname`,
  mysql: `select table_name as name from information_schema.tables
    where table_schema = ? and table_type = 'BASE TABLE' order by table_name`,
  sqlite: `select name from sqlite_master where type = 'table' and substr(name, 1, 7) <> 'sqlite_' order by name`,
}
