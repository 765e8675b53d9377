import type { Knex } from 'knex'
import type { DialectFacts } from '../../database/dialect.ts'
import { eventClock } from '../../database/event-table-ddl.ts'
import type { RevTables } from '../../database/tables.ts'
import { RevError } from '../../errors/index.ts'
import type { RevisionFunction } from '../../script/revision-module.ts'
import type { RowSource, SeedContext, SeedModule, WriteRowsOptions, WrittenRows } from '../files/seed-module.ts'
import type { Seed } from '../graph/seed.ts'
import { checkBatchSize } from './in-batches.ts'
import { createRandom } from './seed-random.ts'
import { seedTableDdl } from './seed-table-ddl.ts'

/** A seed that is to become part of a script. */
export interface ScriptedSeed {
  readonly seed: Seed
  readonly checksum: string
  readonly module: SeedModule
  readonly environment: string | undefined
  readonly tables: RevTables
  readonly dialect: DialectFacts
}

/**
 * What writes a seed into a script: first its record, so that a seed that runs once stops a script that is run twice,
 * then its statements. The helpers write statements that need no answer.
 */
export function scriptedSeed(scripted: ScriptedSeed): RevisionFunction {
  return async (knex, context) => {
    await recordIn(knex, scripted)
    const { seed, module, environment } = scripted
    const { x, dialect, signal, log } = context
    const write = (changes: boolean) => writer(knex, scripted, changes)
    const seedContext: SeedContext = {
      environment,
      dialect,
      x,
      signal,
      random: createRandom(seed.seed),
      log,
      upsert: write(true),
      insertMissing: write(false),
      inBatches: batches(knex),
    }
    const work = module.offline ?? module.run
    await work(knex, seedContext)
  }
}

async function recordIn(knex: Knex, { seed, checksum, tables, dialect }: ScriptedSeed): Promise<void> {
  await knex.raw(seedTableDdl(dialect, tables.seed).replace(/^create table /, 'create table if not exists '))
  if (seed.mode !== 'once') await knex.raw(`delete from ${tables.seed.sql} where seed = ?`, [seed.seed])
  await knex.raw(
    `insert into ${tables.seed.sql} (seed, state, checksum, seeded_at) values (?, ?, ?, ${eventClock(dialect)})`,
    [seed.seed, 'scripted', checksum],
  )
}

/** A row is changed where its key is, then inserted where it is not: that needs no answer from the database. */
function writer(knex: Knex, { seed, dialect }: ScriptedSeed, changes: boolean): SeedContext['upsert'] {
  return async <Row extends object>(
    table: string,
    rows: RowSource<Row>,
    options: WriteRowsOptions<Row>,
  ): Promise<WrittenRows> => {
    const handle = options.knex ?? knex
    const key: readonly string[] = [options.key].flat()
    let count = 0
    for await (const row of rows) {
      count += 1
      const entries = Object.entries(row).filter(([, value]) => value !== undefined)
      const keyValues = entries.filter(([name, value]) => key.includes(name) && value !== null)
      if (keyValues.length !== key.length) {
        const problem = `row ${count} does not have all of its key: ${key.join(', ')}`
        throw new RevError('REV_SEED_ROWS', { seed: seed.seed, file: seed.file, table, problem })
      }
      const where = Object.fromEntries(keyValues)
      const others = entries.filter(([name]) => !key.includes(name))
      if (changes && others.length > 0) await handle(table).where(where).update(Object.fromEntries(others))
      await insertUnlessThere(handle, table, entries, keyValues, dialect)
    }
    return { inserted: count, updated: 0, unchanged: 0 }
  }
}

type Entries = readonly (readonly [string, Knex.Value])[]

async function insertUnlessThere(
  knex: Knex,
  table: string,
  entries: Entries,
  key: Entries,
  dialect: DialectFacts,
): Promise<void> {
  const columns = entries.map(() => '??').join(', ')
  const values = entries.map(() => '?').join(', ')
  const from = dialect.name === 'mysql' ? ' from dual' : ''
  const same = key.map(() => '?? = ?').join(' and ')
  await knex.raw(
    `insert into ?? (${columns}) select ${values}${from} where not exists (select 1 from ?? where ${same})`,
    [table, ...entries.map(([name]) => name), ...entries.map(([, value]) => value), table, ...key.flat()],
  )
}

function batches(knex: Knex): SeedContext['inBatches'] {
  return async (source, size, work) => {
    checkBatchSize(size)
    let count = 0
    let batch: Parameters<typeof work>[0] = []
    for await (const item of source) {
      count += 1
      batch.push(item)
      if (batch.length < size) continue
      await work(batch, knex)
      batch = []
    }
    if (batch.length > 0) await work(batch, knex)
    return count
  }
}
