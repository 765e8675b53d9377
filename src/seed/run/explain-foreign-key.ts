import type { RefusedKeyDetails } from '../../errors/seed.ts'
import { findRefusedKey } from './foreign-key.ts'
import type { LoadedSeed, SeedRun } from './seed-run.ts'
import { readSeedRecords } from './seed-table.ts'

/**
 * What is known of a foreign key that refused a row of a seed: its tables, and the seeds that fill the other one. Undefined
 * for any other error. Ask after everything was rolled back.
 */
export async function explainForeignKey(
  { database, fillersOf }: SeedRun,
  { seed }: LoadedSeed,
  error: unknown,
  statement: string | undefined,
): Promise<RefusedKeyDetails | undefined> {
  const key = await findRefusedKey(database.connection, error, statement)
  if (key === undefined || key.parents.length === 0) return undefined
  const records = await readSeedRecords(database).catch(() => new Map())
  const others =
    key.kind === 'missing' ? key.parents.filter((parent) => parent !== key.child) : [key.child ?? []].flat()
  const seeds = others.flatMap((table) =>
    fillersOf(table, seed).map((name) => {
      const record = records.get(name)
      return { seed: name, table, ran: record !== undefined && record.state !== 'unfinished' }
    }),
  )
  return { ...key, seeds }
}
