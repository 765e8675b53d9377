import { findColumns } from '../../database/catalogue.ts'
import type { Database } from '../../database/open-database.ts'
import { isRevError } from '../../errors/index.ts'
import { readSeedRecords, type StoredSeed } from './seed-table.ts'

/**
 * What became of looking at the table of seeds: `read`; `missing`, or not to be seen by this connection; `unreadable`, as
 * the right to read it, or a column, is missing, or a row is damaged.
 */
export type SeedTableState = 'read' | 'missing' | 'unreadable'

export interface SeedTableSight {
  readonly table: SeedTableState
  /** By name; none unless the table was read. */
  readonly records: ReadonlyMap<string, StoredSeed>
}

/** What is recorded of seeds, for a command that only looks and goes on without it. */
export async function seeSeedTable(database: Database): Promise<SeedTableSight> {
  const { connection, tables } = database
  const nothing = { records: new Map<string, StoredSeed>() }
  if (connection.raw === undefined || (await findColumns(database, tables.seed)) === undefined)
    return { table: 'missing', ...nothing }
  if (!(await mayRead(database))) return { table: 'unreadable', ...nothing }
  try {
    return { table: 'read', records: await readSeedRecords(database) }
  } catch (error) {
    // A row that somebody wrote by hand may hold what is no JSON.
    if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED') && !(error instanceof SyntaxError)) throw error
    return { table: 'unreadable', ...nothing }
  }
}

// Asked before, because on PostgreSQL a statement that is refused would end the caller's transaction.
async function mayRead({ connection, dialect, tables }: Database): Promise<boolean> {
  if (dialect.name !== 'postgresql') return true
  const { rows } = await connection.query('select pg_catalog.has_table_privilege(?, ?) as allowed', [
    tables.seed.sql,
    'select',
  ])
  return rows[0]?.allowed === true
}
