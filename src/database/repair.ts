import { randomUUID } from 'node:crypto'
import { RevError } from '../errors/index.ts'
import { rowChanges } from '../graph/version-rows.ts'
import { type EventEntry, openEventLog, type RepairWord, type RunFacts } from './event-log.ts'
import { inOwnTransaction } from './handle/own-transaction.ts'
import { byStep, isUnfinished, type UnfinishedStep } from './journal/journal-entry.ts'
import { clearStep, readJournal } from './journal/journal-table.ts'
import { recordMeta } from './meta-table.ts'
import type { Database } from './open-database.ts'
import { sameRows } from './plan-run.ts'
import { applyRowChanges, assertRowsFit, assertRowsWritable } from './version-table.ts'
import { withRunLock } from './with-run-lock.ts'

/** What is known under the lock, for the decision what is to be written. */
export interface RepairFacts {
  readonly exists: boolean
  readonly rows: readonly string[]
  /** What the journal has of the revision. */
  readonly unfinished: UnfinishedStep | undefined
}

/** What is to be written. */
export interface RepairDecision {
  /** The version rows afterwards. */
  readonly rows: readonly string[]
  /** What is to be recorded of the file. */
  readonly checksum?: string | undefined
}

/** One repair that runs nothing. */
export interface RepairOptions {
  readonly word: RepairWord
  readonly revision: string
  readonly lockTimeoutMs: number
  readonly facts: RunFacts
  /** Called under the lock. What it throws ends the repair before anything is written. */
  decide(facts: RepairFacts): RepairDecision | Promise<RepairDecision>
}

/** What a repair changed. */
export interface RepairOutcome {
  readonly runId: string
  readonly before: readonly string[]
  /** Read back from the database. */
  readonly rows: readonly string[]
}

/**
 * Writes down what somebody says of a revision: version rows by compare-and-swap, what the journal has of it forgotten,
 * and an event, in one transaction under the lock. Throws what `decide` throws, REV_DATABASE_OTHER_PROJECT,
 * REV_DATABASE_NEWER_FORMAT, REV_DATABASE_ROW_MISMATCH and REV_DATABASE_ROWS_DIFFER.
 */
export function repair(database: Database, options: RepairOptions): Promise<RepairOutcome> {
  const { word, revision, lockTimeoutMs, facts, decide } = options
  return withRunLock(database, { what: 'repair', lockTimeoutMs }, async (locked, lock, meta) => {
    const { exists, rows: before } = await locked.readRows()
    const steps = byStep((await readJournal(locked)) ?? [])
    const unfinished = steps.find((step) => step.revision === revision && isUnfinished(step))
    const { rows, checksum } = await decide({ exists, rows: before, unfinished })
    await locked.ensureVersionTable()
    await assertRowsFit(locked, rows)
    await assertRowsWritable(locked)
    await recordMeta(locked, meta)
    const runId = randomUUID()
    const log = await openEventLog(locked, runId, facts)
    const whole: EventEntry = { what: word, outcome: 'started', rowsBefore: before, rowsAfter: before }
    await log.write(whole)
    try {
      await inOwnTransaction(locked.connection, locked.connection.joined, async () => {
        await lock.proveOwned()
        await applyRowChanges(locked.connection, locked.tables.version, rowChanges(before, rows))
        if (unfinished !== undefined) await clearStep(locked, unfinished)
        await log.write({ ...whole, revision, outcome: 'done', rowsAfter: rows, checksum })
        await log.write({ ...whole, outcome: 'done', rowsAfter: rows })
      })
    } catch (error) {
      await log.writeQuietly({ ...whole, outcome: 'failed', error })
      throw error
    }
    const { rows: now } = await locked.readRows()
    if (sameRows(now, rows)) return { runId, before, rows: now }
    throw new RevError('REV_DATABASE_ROWS_DIFFER', { table: locked.tables.version.text, expected: rows, found: now })
  })
}
