import { isRevError, RevError } from '../errors/index.ts'
import type { RowChange } from '../graph/version-rows.ts'
import { type CatalogueColumn, findColumns } from './catalogue.ts'
import type { Database, VersionRows } from './open-database.ts'
import { isDuplicateKey } from './pin.ts'
import type { PinnedConnection } from './pinned-connection.ts'
import type { TableName } from './tables.ts'
import { schemaDdl, versionTableDdl } from './version-table-ddl.ts'

const TEXT_TYPES = /char|text|string|clob|^$/

/** Reads the rows in the table's own order. Throws REV_DATABASE_VERSION_TABLE with what is wrong with a broken table. */
export async function readRows(database: Database): Promise<VersionRows> {
  const table = database.tables.version
  const columns = await findColumns(database, table)
  if (columns === undefined) return { exists: false, rows: [] }
  checkColumns(database, columns)
  const found = await database.connection.query(`select version_num from ${table.sql}`)
  const rows = found.rows.map((row) => row.version_num ?? row.VERSION_NUM)
  return { exists: true, rows: checkRows(database, rows) }
}

function checkColumns(database: Database, columns: readonly CatalogueColumn[]): void {
  const column = columns.find(({ name }) => name.toLowerCase() === 'version_num')
  if (column === undefined) {
    throw broken(
      database,
      `it has no column "version_num" (it has ${columns.map(({ name }) => `"${name}"`).join(', ')})`,
    )
  }
  if (!TEXT_TYPES.test(column.type)) throw broken(database, `its column "version_num" is ${column.type}, not text`)
  // PostgreSQL gives such a column back with the spaces that fill it up; the others take them off.
  if (database.dialect.name === 'postgresql' && column.type === 'character') {
    throw broken(database, 'its column "version_num" is of fixed length, char(n), and fills each row up with spaces')
  }
}

function checkRows(database: Database, rows: readonly unknown[]): string[] {
  const seen = new Set<string>()
  for (const row of rows) {
    if (row === null || row === undefined)
      throw broken(
        database,
        `a row of it is NULL (delete from ${database.tables.version.sql} where version_num is null)`,
      )
    if (typeof row !== 'string') throw broken(database, `a row of it is not text (${typeof row})`)
    if (row === '') throw broken(database, 'a row of it is empty')
    if (seen.has(row)) throw broken(database, `the row "${row}" is there more than once`)
    seen.add(row)
  }
  return [...seen]
}

function broken({ tables, description }: Database, finding: string): RevError {
  return new RevError('REV_DATABASE_VERSION_TABLE', {
    table: tables.version.text,
    database: description.text,
    finding,
  })
}

/** Creates the version table, and its schema, when they are missing; says which it was. */
export async function ensureVersionTable(database: Database): Promise<{ created: boolean; table: string }> {
  const { version } = database.tables
  const created = await ensureTable(database, version, versionTableDdl(database.dialect, version))
  return { created, table: version.text }
}

/** Creates a table of rev's own, and its schema, when it is missing. */
export async function ensureTable(database: Database, table: TableName, ddl: string): Promise<boolean> {
  if ((await findColumns(database, table)) !== undefined) return false
  await ensureSchema(database, table)
  try {
    await database.connection.query(ddl)
    return true
  } catch (error) {
    // Without a lock (`ensure-version` beside a run) the other one may have been faster; that is no failure.
    if (!database.connection.joined && (await findColumns(database, table)) !== undefined) return false
    if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED') || !isThere(error.cause)) throw error
    // Catalogues show a user only what that user may touch.
    const remedy = `${table.text} is there, and this user may not see it: grant select, insert, update and delete on it`
    throw new RevError('REV_DATABASE_QUERY_FAILED', { ...error.details, remedy }, { cause: error.cause })
  }
}

function isThere(cause: unknown): boolean {
  const { code, errno } = (cause ?? {}) as { code?: unknown; errno?: unknown }
  return code === '42P07' || errno === 1050
}

async function ensureSchema({ connection, dialect }: Database, { schema }: TableName): Promise<void> {
  const ddl = schema === undefined ? undefined : schemaDdl(dialect, schema)
  if (ddl === undefined) return
  const found = await connection.query('select 1 as found from information_schema.schemata where schema_name = ?', [
    schema,
  ])
  if (found.rows.length === 0) await connection.query(ddl)
}

/**
 * Makes the changes by compare-and-swap, each of which must match exactly one row: that is the second line of defence
 * behind the lock. Throws REV_DATABASE_ROW_MISMATCH.
 */
export async function applyRowChanges(
  connection: PinnedConnection,
  table: TableName,
  changes: readonly RowChange[],
): Promise<void> {
  for (const change of changes) {
    const [sql, bindings] = toStatement(table, change)
    const found = await countChanged(connection, sql, bindings)
    // Some drivers do not say how many rows were changed; there the reading back after the run is what is left.
    if (found !== undefined && found !== 1) {
      throw new RevError('REV_DATABASE_ROW_MISMATCH', { table: table.text, expected: inWords(change), found })
    }
  }
}

async function countChanged(
  connection: PinnedConnection,
  sql: string,
  bindings: string[],
): Promise<number | undefined> {
  try {
    return (await connection.query(sql, bindings)).affected
  } catch (error) {
    if (isDuplicateKey(error)) return 0
    throw error
  }
}

// Where it is known that statements which change no row are checked all the same.
const PROBED: ReadonlySet<string> = new Set(['postgresql', 'mysql', 'sqlite'])

function toStatement({ sql }: TableName, change: RowChange): [string, string[]] {
  if (change.kind === 'insert') return [`insert into ${sql} (version_num) values (?)`, [change.revision]]
  if (change.kind === 'delete') return [`delete from ${sql} where version_num = ?`, [change.revision]]
  return [`update ${sql} set version_num = ? where version_num = ?`, [change.to, change.from]]
}

function inWords(change: RowChange): string {
  return change.kind === 'update' ? `update "${change.from}" to "${change.to}"` : `${change.kind} "${change.revision}"`
}

/**
 * Finds out before the first step whether the version table can be changed: a privilege that is missed after the work, or
 * a view in its place, would leave work without its row where statements commit by themselves. Throws
 * REV_DATABASE_QUERY_FAILED.
 */
export async function assertRowsWritable({ connection, dialect, tables }: Database): Promise<void> {
  if (!PROBED.has(dialect.name)) return
  const { sql } = tables.version
  await connection.query(`insert into ${sql} (version_num) select version_num from ${sql} where 1 = 0`)
  await connection.query(`update ${sql} set version_num = version_num where 1 = 0`)
  await connection.query(`delete from ${sql} where 1 = 0`)
}

/** Refuses rows that the column cannot hold, before anything runs. Throws REV_DATABASE_ID_TOO_LONG. */
export async function assertRowsFit(database: Database, rows: Iterable<string>): Promise<void> {
  const { version } = database.tables
  const columns = await findColumns(database, version)
  const limit = columns?.find(({ name }) => name.toLowerCase() === 'version_num')?.maxLength
  if (limit === undefined) return
  for (const revision of rows) {
    if (revision.length <= limit) continue
    const remedy = `alter table ${version.sql} ${WIDEN[database.dialect.name] ?? 'alter column version_num varchar(255)'}`
    throw new RevError('REV_DATABASE_ID_TOO_LONG', {
      revision,
      length: revision.length,
      limit,
      table: version.text,
      remedy: `run once: ${remedy}`,
    })
  }
}

const WIDEN: Readonly<Record<string, string>> = {
  postgresql: 'alter column version_num type varchar(255)',
  mysql: 'modify version_num varchar(255) not null',
}
