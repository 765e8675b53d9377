import { isRevError } from '../errors/index.ts'
import type { Database } from './open-database.ts'
import type { TableName } from './tables.ts'

/** One column as the catalogue of the database describes it. */
export interface CatalogueColumn {
  readonly name: string
  /** As the database writes it, in lower case. */
  readonly type: string
  /** Of text with a limit. */
  readonly maxLength: number | undefined
}

type CatalogueQuery = (database: Database, table: TableName) => Promise<readonly CatalogueColumn[] | undefined>

/**
 * The columns of a table; undefined when there is no such table. Asks the catalogue, because the text of an error tells
 * a missing table from a missing privilege in one language and one version only. Throws REV_DATABASE_QUERY_FAILED where
 * MySQL hides the table from its user.
 */
export function findColumns(database: Database, table: TableName): Promise<readonly CatalogueColumn[] | undefined> {
  return (BY_DIALECT[database.dialect.name] ?? askKnex)(database, table)
}

const askPostgres: CatalogueQuery = async (database, table) => {
  const { rows } = await database.connection.query(
    `select a.attname as name, pg_catalog.format_type(a.atttypid, null) as type,
       case when a.atttypid in (1042, 1043) and a.atttypmod > 4 then a.atttypmod - 4 end as max_length
     from pg_catalog.pg_class c
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'f') order by a.attnum`,
    [table.schema ?? '', table.name],
  )
  return toColumns(rows)
}

const askInformationSchema: CatalogueQuery = async (database, table) => {
  const { rows } = await database.connection.query(
    `select column_name as name, data_type as type, character_maximum_length as max_length
     from information_schema.columns where table_schema = ? and table_name = ? order by ordinal_position`,
    [table.schema ?? '', table.name],
  )
  const columns = toColumns(rows)
  if (columns === undefined) await refuseHidden(database, table)
  return columns
}

// Of a table that is not there, and of a database that is not.
const ABSENT: ReadonlySet<unknown> = new Set([1146, 1049])

/**
 * This catalogue leaves out what the user has no privilege for, and a table that is hidden must not pass for one that is
 * missing: everything would look as if no revision were applied. The server itself, asked for the table, tells the two apart.
 */
async function refuseHidden({ connection }: Database, table: TableName): Promise<void> {
  try {
    await connection.query(`select 1 from ${table.sql} limit 0`)
  } catch (error) {
    if (!isRevError(error) || !ABSENT.has((error.cause as { errno?: unknown } | undefined)?.errno)) throw error
  }
}

const askSqlite: CatalogueQuery = async (database, table) => {
  const { rows } = await database.connection.query(
    `select name, lower(type) as type, null as max_length from pragma_table_info(?, ?) order by cid`,
    [table.name, table.schema ?? 'main'],
  )
  return toColumns(rows)
}

// A database that rev has no row for: Knex knows how to ask it whether a table is there, and its columns are believed.
const askKnex: CatalogueQuery = async (database, table) => {
  const schema = database.knex.schema as typeof database.knex.schema & { connection(raw: unknown): typeof schema }
  const builder = schema.connection(database.connection.raw)
  const found = await (table.schema === undefined ? builder : builder.withSchema(table.schema)).hasTable(table.name)
  return found ? [{ name: 'version_num', type: 'varchar', maxLength: undefined }] : undefined
}

/** Whether `findColumns` knows all columns of a table; where it does not, it says only that the table is there. */
export function knowsColumns({ dialect }: Database): boolean {
  return Object.hasOwn(BY_DIALECT, dialect.name)
}

const BY_DIALECT: Readonly<Record<string, CatalogueQuery>> = {
  postgresql: askPostgres,
  cockroachdb: askPostgres,
  redshift: askPostgres,
  mysql: askInformationSchema,
  mssql: askInformationSchema,
  sqlite: askSqlite,
}

function toColumns(rows: readonly Record<string, unknown>[]): CatalogueColumn[] | undefined {
  if (rows.length === 0) return undefined
  return rows.map((row) => ({
    name: String(row.name),
    type: String(row.type).toLowerCase(),
    maxLength: row.max_length === null || row.max_length === undefined ? undefined : Number(row.max_length),
  }))
}
