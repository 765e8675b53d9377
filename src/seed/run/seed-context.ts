import { RevError } from '../../errors/index.ts'
import type { RowSource, SeedContext, WriteRowsOptions, WrittenRows } from '../files/seed-module.ts'
import type { ContextParts } from './context-parts.ts'
import { createBatches } from './in-batches.ts'
import { type InsertedKeys, keepKeys } from './kept-keys.ts'
import { createRandom } from './seed-random.ts'
import { checkedKey, writeRows } from './write-rows.ts'

/** The second argument of a seed's function. */
export function createSeedContext(parts: ContextParts): SeedContext {
  const { run, loaded, counts } = parts
  const { database } = run
  const { seed } = loaded.seed
  // Inside of a batch the handle is that of its transaction.
  let current = parts.knex
  // One after the other, because each takes the next number, and a seed may call two helpers at once.
  let kept: Promise<void> = Promise.resolve()
  const keep = (keys: InsertedKeys): Promise<void> => {
    kept = kept.then(() => keepKeys(database, seed, keys))
    return kept
  }
  const write =
    (changes: boolean) =>
    async <Row extends object>(
      table: string,
      rows: RowSource<Row>,
      options: WriteRowsOptions<Row>,
    ): Promise<WrittenRows> => {
      const fail = (problem: string): Error =>
        new RevError('REV_SEED_ROWS', { seed, file: loaded.seed.file, table, problem })
      const key = checkedKey(options, fail)
      const knex = options.knex ?? current
      const written = await writeRows({
        knex,
        dialect: database.dialect.name,
        table,
        key,
        rows,
        changes,
        fail,
        keep,
      })
      counts.rows += written.inserted + written.updated
      return written
    }
  return {
    environment: run.environment,
    dialect: database.dialect.name,
    x: run.x,
    signal: database.signal,
    random: createRandom(seed),
    log: (text) => database.report({ type: 'log', revision: seed, text: String(text) }),
    upsert: write(true),
    insertMissing: write(false),
    inBatches: createBatches({ ...parts, use: (knex) => (current = knex) }),
  }
}
