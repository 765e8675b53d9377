import type { QualifiedName } from '../../sql/statement-names.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

/** An index of PostgreSQL. */
export interface TableIndex {
  readonly name: string
  readonly table: string
  /** With its schema, as it stands in SQL. */
  readonly sql: string
  /**
   * False for one that CREATE INDEX CONCURRENTLY did not finish: it costs writes and helps no query. That of a partitioned
   * table, which waits for those of its partitions, counts as valid.
   */
  readonly isValid: boolean
  /** Whether somebody is building it just now. */
  readonly isBuilding: boolean
}

const INDEXES = `select c.relname as name, t.relname as table_name, (i.indisvalid or c.relkind <> 'i') as valid,
  quote_ident(n.nspname) || '.' || quote_ident(c.relname) as sql,
  exists (select 1 from pg_catalog.pg_stat_progress_create_index p where p.index_relid = i.indexrelid or p.relid = i.indrelid) as building
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_class t on t.oid = i.indrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace`

/** The indexes of a table; none when there is no such table. */
export async function tableIndexes(connection: PinnedConnection, table: QualifiedName): Promise<TableIndex[]> {
  const { query, dialect } = connection
  const name = [table.schema, table.name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join('.')
  const { rows } = await query(`${INDEXES} where i.indrelid = to_regclass(?) order by c.relname`, [name])
  return rows.map(toIndex)
}

/** All indexes of the connection's own schemas that are not valid; none on other databases than PostgreSQL. */
export async function invalidIndexes(connection: PinnedConnection): Promise<TableIndex[]> {
  if (connection.dialect.name !== 'postgresql') return []
  const { rows } = await connection.query(
    `${INDEXES} where not i.indisvalid and c.relkind = 'i' and n.nspname = any (current_schemas(false)) and i.indislive order by sql`,
  )
  return rows.map(toIndex)
}

function toIndex(row: Readonly<Record<string, unknown>>): TableIndex {
  return {
    name: String(row.name),
    table: String(row.table_name),
    sql: String(row.sql),
    isValid: row.valid === true,
    isBuilding: row.building === true,
  }
}
