import type { Knex } from 'knex'
import type { DialectFacts } from '../../database/dialect.ts'
import { eventClock } from '../../database/event-table-ddl.ts'
import type { RevTables } from '../../database/tables.ts'
import type { ScriptContext, ScriptFunction } from '../../script/script-context.ts'
import type { SeedContext, SeedModule } from '../files/seed-module.ts'
import type { Seed } from '../graph/seed.ts'
import { checkBatchSize } from './in-batches.ts'
import { rowWriter } from './script-rows.ts'
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
 * What writes a seed into a script. The script refuses to run one again that runs once; any other loses its record, so
 * that it counts as done only when it is. MySQL commits with each change of the schema what came before it: so the record
 * comes last.
 */
export function scriptedSeed(scripted: ScriptedSeed): ScriptFunction {
  return async (knex, context) => {
    await forgetOrRefuse(knex, context, scripted)
    const { seed, module, environment } = scripted
    const { x, dialect, signal, log } = context
    const write = (changes: boolean) => rowWriter(knex, scripted, context, changes)
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
    await recordIn(knex, scripted)
  }
}

async function forgetOrRefuse(
  knex: Knex,
  { prepare, refuseRows }: ScriptContext,
  { seed, tables, dialect }: ScriptedSeed,
): Promise<void> {
  await prepare(seedTableDdl(dialect, tables.seed).replace(/^create table /, 'create table if not exists '))
  if (seed.mode !== 'once') {
    await knex.raw(`delete from ${tables.seed.sql} where seed = ?`, [seed.seed])
    return
  }
  const record = knex.queryBuilder().select(knex.raw('1')).fromRaw(tables.seed.sql).whereRaw('seed = ?', [seed.seed])
  await refuseRows(record, `seed ${seed.seed} runs once, and has run here`)
}

async function recordIn(knex: Knex, { seed, checksum, tables, dialect }: ScriptedSeed): Promise<void> {
  await knex.raw(
    `insert into ${tables.seed.sql} (seed, state, checksum, seeded_at) values (?, ?, ?, ${eventClock(dialect)})`,
    [seed.seed, 'scripted', checksum],
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
