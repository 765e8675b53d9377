import { findColumns } from '../../database/catalogue.ts'
import { eventMoments, readMoment } from '../../database/event-moments.ts'
import { eventClock } from '../../database/event-table-ddl.ts'
import type { Database } from '../../database/open-database.ts'
import { ensureTable } from '../../database/version-table.ts'
import type { SeedRecord } from '../graph/seed.ts'
import { rowTableDdl, seedTableDdl } from './seed-table-ddl.ts'

/** A record with what only running needs. */
export interface StoredSeed extends SeedRecord {
  /** For an unfinished seed: how many items each call of `inBatches` has behind it, in the order of the calls. */
  readonly positions: readonly number[]
}

/** What is to be recorded of a seed. */
export interface SeedEntry {
  readonly seed: string
  readonly state: SeedRecord['state']
  readonly checksum: string
  readonly runId: string
  readonly milliseconds?: number
  readonly statements?: number
  readonly rowsWritten?: number
  readonly rowsUnkept?: number
  readonly positions?: readonly number[]
}

const STATES = ['stamped', 'scripted', 'unfinished'] as const

/** Everything that is recorded, by name. Creates nothing: without a table, nothing is. */
export async function readSeedRecords(database: Database): Promise<Map<string, StoredSeed>> {
  const { connection, dialect, tables } = database
  // A SQLite file that is not there, and is not made by reading.
  if (connection.raw === undefined || (await findColumns(database, tables.seed)) === undefined) return new Map()
  const { asText } = eventMoments(dialect)
  const { rows } = await connection.query(
    `select seed, state, checksum, ${asText('seeded_at')} as seeded_at, milliseconds, rows_written, rows_unkept, positions
     from ${tables.seed.sql}`,
  )
  const records = rows.map((row): StoredSeed => {
    const state = String(row.state)
    return {
      seed: String(row.seed),
      state: STATES.find((known) => known === state) ?? 'done',
      checksum: toText(row.checksum),
      when: readMoment(row.seeded_at) ?? '',
      ms: toNumber(row.milliseconds),
      rowsWritten: toNumber(row.rows_written),
      rowsUnkept: toNumber(row.rows_unkept),
      positions: toPositions(row.positions),
    }
  })
  return new Map(records.map((record) => [record.seed, record]))
}

/** Creates the tables of seeds when they are missing. Call it under the lock. */
export async function ensureSeedTables(database: Database): Promise<void> {
  const { dialect, tables } = database
  await ensureTable(database, tables.seed, seedTableDdl(dialect, tables.seed))
  await ensureTable(database, tables.row, rowTableDdl(dialect, tables.row))
}

/** Writes the record of a seed, in place of an older one. */
export async function writeSeedRecord({ connection, dialect, tables }: Database, entry: SeedEntry): Promise<void> {
  const values: readonly (readonly [string, unknown])[] = [
    ['seed', entry.seed],
    ['state', entry.state],
    ['checksum', entry.checksum],
    ['run_id', entry.runId],
    ['milliseconds', entry.milliseconds],
    ['statements', entry.statements],
    ['rows_written', entry.rowsWritten],
    ['rows_unkept', entry.rowsUnkept],
    ['positions', entry.positions === undefined ? undefined : JSON.stringify(entry.positions)],
  ]
  await connection.query(`delete from ${tables.seed.sql} where seed = ?`, [entry.seed])
  await connection.query(
    `insert into ${tables.seed.sql} (${values.map(([name]) => name).join(', ')}, seeded_at)
     values (${values.map(() => '?').join(', ')}, ${eventClock(dialect)})`,
    values.map(([, value]) => value ?? null),
  )
}

/** Forgets a seed and the keys of its rows. */
export async function forgetSeed({ connection, tables }: Database, seed: string): Promise<void> {
  await connection.query(`delete from ${tables.row.sql} where seed = ?`, [seed])
  await connection.query(`delete from ${tables.seed.sql} where seed = ?`, [seed])
}

function toPositions(value: unknown): number[] {
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : []
  return Array.isArray(read) ? read.map(Number) : []
}

const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function toNumber(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}
