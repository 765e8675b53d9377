import type { PinnedConnection } from '../pinned-connection.ts'
import type { ColumnType } from './key-column.ts'

/** One column as the catalogue describes it. */
export interface TableColumn extends ColumnType {
  readonly name: string
  readonly isNullable: boolean
}

/** What the catalogue says of a table or view, as far as batches need it. */
export interface TableKeys {
  readonly columns: readonly TableColumn[]
  /** The columns of each unique index and of the primary key; undefined where there cannot be any, as for a view. */
  readonly unique: readonly (readonly string[])[] | undefined
}

type Ask = (connection: PinnedConnection, name: readonly string[]) => Promise<TableKeys | undefined>

/**
 * Asks the catalogue about a table by its name, perhaps with its schema before it. Undefined where there is no such table;
 * for a database that rev does not know well enough it throws nothing and knows nothing.
 */
export function findTableKeys(connection: PinnedConnection, name: readonly string[]): Promise<TableKeys | undefined> {
  return ASK[connection.dialect.name]?.(connection, name) ?? Promise.resolve(undefined)
}

const askPostgres: Ask = async ({ query, dialect }, name) => {
  const table = name.map(dialect.quote).join('.')
  const { rows } = await query(
    `select a.attname as name, pg_catalog.format_type(a.atttypid, null) as type, a.attnotnull as required, c.relkind in ('r', 'p') as is_table
     from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid = to_regclass(?)`,
    [table],
  )
  if (rows.length === 0) return undefined
  const columns = rows.map(({ name, type, required }) =>
    toColumn(name, type, { isNullable: required !== true, isUnsigned: false, digits: undefined }),
  )
  if (rows[0]?.is_table !== true) return { columns, unique: undefined }
  const found = await query(
    `select i.indexrelid::text as index, a.attname as name from pg_catalog.pg_index i
     join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])
     where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null`,
    [table],
  )
  return { columns, unique: byIndex(found.rows) }
}

const askMysql: Ask = async ({ query }, name) => {
  const [table = '', schema] = name.toReversed()
  const where = 'table_schema = coalesce(?, database()) and table_name = ?'
  const place = [schema ?? null, table]
  const { rows } = await query(
    `select column_name as name, data_type as type, is_nullable as nullable, column_type like '%unsigned%' as is_unsigned,
       numeric_precision as digits, numeric_scale as scale
     from information_schema.columns where ${where}`,
    place,
  )
  if (rows.length === 0) return undefined
  const columns = rows.map(({ name, type, nullable, is_unsigned, digits, scale }) =>
    toColumn(name, type, {
      isNullable: nullable !== 'NO',
      isUnsigned: Number(is_unsigned) === 1,
      digits: digits === null || scale === null ? undefined : [Number(digits), Number(scale)],
    }),
  )
  const kind = await query(`select table_type as kind from information_schema.tables where ${where}`, place)
  if (/view/i.test(String(kind.rows[0]?.kind))) return { columns, unique: undefined }
  const found = await query(
    `select index_name as \`index\`, case when sub_part is null then column_name end as name
     from information_schema.statistics where ${where} and non_unique = 0`,
    place,
  )
  return { columns, unique: byIndex(found.rows) }
}

const askSqlite: Ask = async ({ query }, name) => {
  const [table = '', schema] = name.toReversed()
  const place = schema === undefined ? '?' : '?, ?'
  const values = schema === undefined ? [table] : [table, schema]
  const { rows } = await query(`select name, type, "notnull" as required, pk from pragma_table_info(${place})`, values)
  if (rows.length === 0) return undefined
  const columns = rows.map(({ name, type, required }) =>
    toColumn(name, type, { isNullable: Number(required) !== 1, isUnsigned: false, digits: undefined }),
  )
  const master = schema === undefined ? 'sqlite_master' : `"${schema.replaceAll('"', '""')}".sqlite_master`
  const kind = await query(`select type from ${master} where name = ? collate nocase`, [table])
  if (kind.rows.some(({ type }) => type === 'view')) return { columns, unique: undefined }
  const found = await query(
    `select l.name as "index", i.name as name from pragma_index_list(${place}) l, pragma_index_info(l.name${schema === undefined ? '' : ', ?'}) i
     where l."unique" = 1 and l.partial = 0`,
    schema === undefined ? values : [...values, schema],
  )
  const primary = rows.filter(({ pk }) => Number(pk) > 0).map(({ name }) => String(name))
  return { columns, unique: [...(primary.length > 0 ? [primary] : []), ...byIndex(found.rows)] }
}

const ASK: Readonly<Record<string, Ask>> = { postgresql: askPostgres, mysql: askMysql, sqlite: askSqlite }

function toColumn(name: unknown, type: unknown, rest: Omit<TableColumn, 'name' | 'type'>): TableColumn {
  return { name: String(name), type: String(type).toLowerCase(), ...rest }
}

/** The columns of each index; one that holds something else than whole columns is none. */
function byIndex(rows: readonly Readonly<Record<string, unknown>>[]): string[][] {
  const columns = new Map<unknown, unknown[]>()
  for (const { index, name } of rows) columns.set(index, [...(columns.get(index) ?? []), name])
  return [...columns.values()].filter((names): names is string[] => names.every((name) => typeof name === 'string'))
}
