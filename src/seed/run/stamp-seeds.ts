import { randomUUID } from 'node:crypto'
import { openEventLog, type RunFacts } from '../../database/event-log.ts'
import { withOuterTransaction } from '../../database/handle/outer-transaction.ts'
import type { RunLock } from '../../database/lock/take-lock.ts'
import type { Database } from '../../database/open-database.ts'
import { ensureSeedTables, readSeedRecords, writeSeedRecord } from './seed-table.ts'

/** Records seeds as done, all or none, under a lock that is held; gives the id of the run. */
export async function stampRecords(
  database: Database,
  lock: RunLock,
  seeds: readonly { readonly seed: string; readonly checksum: string }[],
  facts: RunFacts,
): Promise<string> {
  const runId = randomUUID()
  const { rows } = await database.readRows()
  await ensureSeedTables(database)
  const log = await openEventLog(database, runId, facts)
  const event = { what: 'seed stamp', rowsBefore: rows, rowsAfter: rows } as const
  const records = await readSeedRecords(database)
  await log.write({ ...event, outcome: 'started' })
  try {
    await withOuterTransaction(database.connection, async () => {
      await lock.proveOwned()
      for (const { seed, checksum } of seeds) {
        const known = records.get(seed)
        // Rows of a seed that ran stay its rows; only its file is taken for read.
        const ran = known === undefined || known.state === 'stamped' ? undefined : known
        await writeSeedRecord(database, {
          seed,
          state: ran === undefined ? 'stamped' : 'done',
          checksum,
          runId,
          ...(ran?.rowsWritten === undefined ? {} : { rowsWritten: ran.rowsWritten }),
          ...(ran?.rowsUnkept === undefined ? {} : { rowsUnkept: ran.rowsUnkept }),
        })
        await log.write({ ...event, revision: seed, outcome: 'done', checksum })
      }
      await log.write({ ...event, outcome: 'done' })
    })
  } catch (error) {
    await log.writeQuietly({ ...event, outcome: 'failed', error })
    throw error
  }
  return runId
}
