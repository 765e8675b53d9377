import type { Knex } from 'knex'
import { isRevError } from '../errors/index.ts'
import type { StepEvent } from '../events.ts'
import { rowChanges } from '../graph/version-rows.ts'
import type { InBatches } from '../script/batches.ts'
import type { RevisionContext } from '../script/revision-module.ts'
import { createBatches } from './batches/in-batches.ts'
import { withOuterTransaction } from './handle/outer-transaction.ts'
import { type StatementReport, type StepFacts, type WorkWatch, withHandle } from './handle/with-handle.ts'
import { clearStep } from './journal/journal-table.ts'
import { openStepJournal } from './journal/open-journal.ts'
import type { StepJournal } from './journal/step-journal.ts'
import { applyLimits } from './limits/apply-limits.ts'
import { noteLimits } from './limits/own-limits.ts'
import { runAgain } from './limits/run-again.ts'
import type { LimitsInForce } from './limits/run-limits.ts'
import { createPatience } from './limits/send-again.ts'
import type { StepResult } from './run-result.ts'
import { type RestoreSession, saveSession } from './session-settings.ts'
import { toStepError } from './step-error.ts'
import type { StepOfRun } from './step-of-run.ts'
import { applyRowChanges } from './version-table.ts'

/**
 * Carries out one step: the revision's function, its version rows and its event in one transaction where there is one.
 * Throws REV_STEP_FAILED, the other REV_STEP_* errors, REV_DATABASE_ROW_MISMATCH, and REV_INTERRUPTED when aborted.
 */
export async function runStep(run: StepOfRun): Promise<StepResult> {
  const { database, step, limits } = run
  const event = stepEvent(run)
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  const inForce = limits(step)
  const counted = newCount()
  let journal: StepJournal | undefined
  const explain = async (error: unknown, attempts: number): Promise<Error> => {
    const leavings = { committed: counted.committed, journal, inForce, limitsSet: counted.limitsSet, attempts }
    const failure = await toStepError(run, error, leavings)
    await recordFailure(run, counted, failure, elapsed())
    return failure
  }
  database.report({ type: 'step:start', ...event })
  try {
    await runAgain(run, inForce, {
      async once() {
        Object.assign(counted, newCount())
        journal = await openStepJournal(database, step, run.runId, run.continuation)
        await carryOut(run, { journal, inForce, counted, elapsed })
      },
      committed: () => counted.committed,
      explain,
    })
  } catch (thrown) {
    const failure = thrown as Error
    database.report({ type: 'step:failed', ...event, ms: elapsed(), statements: counted.statements, error: failure })
    throw failure
  }
  const { direction, revision, message, file, rows } = step
  const done = { ms: elapsed(), statements: counted.statements, rows }
  database.report({ type: 'step:done', ...event, ...done })
  return { direction, revision, message, file, ...done }
}

async function recordFailure(
  { step, log, before }: StepOfRun,
  counted: Counted,
  error: Error,
  milliseconds: number,
): Promise<void> {
  await log.writeQuietly({
    what: step.direction,
    revision: step.revision,
    outcome: isInterruption(error) ? 'interrupted' : 'failed',
    rowsBefore: before,
    rowsAfter: before,
    checksum: step.checksum,
    statements: counted.statements,
    ...(counted.failed > 0 ? { failedStatement: counted.failed } : {}),
    error,
    milliseconds,
  })
}

/** Whether an error says that the run was told to stop. */
export function isInterruption(error: unknown): boolean {
  return isRevError(error, 'REV_INTERRUPTED') || isRevError(error, 'REV_TERMINATED')
}

interface Counted {
  statements: number
  /** The number of the statement that failed; 0 when none did. */
  failed: number
  /** How many are in the database for good, whatever becomes of the step. */
  committed: number
  /** The limits that the revision sets by SQL of its own, by the names of their settings. */
  readonly limitsSet: Set<string>
}

const newCount = (): Counted => ({ statements: 0, failed: 0, committed: 0, limitsSet: new Set() })

/** One attempt at a step. */
interface Attempt {
  readonly journal: StepJournal | undefined
  readonly inForce: LimitsInForce
  readonly counted: Counted
  elapsed(): number
}

async function carryOut(run: StepOfRun, { journal, inForce, counted, elapsed }: Attempt): Promise<void> {
  const { database, lock, step, log, before, ending } = run
  const { connection, tables, report, signal } = database
  const record = async (): Promise<void> => {
    await lock.proveOwned()
    await applyRowChanges(connection, tables.version, rowChanges(before, step.rows))
    if (journal !== undefined) await clearStep(database, journal.key)
    await log.write({
      what: step.direction,
      revision: step.revision,
      outcome: 'done',
      rowsBefore: before,
      rowsAfter: step.rows,
      checksum: step.checksum,
      statements: counted.statements,
      milliseconds: elapsed(),
    })
    if (ending) await log.write({ ...ending, milliseconds: undefined })
  }
  const { work, direction, revision, file, transaction } = step
  if (work === undefined || direction === 'stamp') return withOuterTransaction(connection, record)

  const restore = await saveSession(connection)
  const onStatement = (statement: StatementReport): void => {
    counted.statements += 1
    noteLimits(statement.sql, counted.limitsSet)
    if (statement.error !== undefined) counted.failed = counted.statements
    report({ type: 'statement', revision, ...statement })
  }
  const onFacts = (facts: StepFacts): void => {
    counted.statements = facts.statements
    counted.committed = facts.committedStatements
  }
  const contextOf = (knex: Knex, watch: WorkWatch): RevisionContext => {
    const proveOwned = (): Promise<void> => lock.proveOwned()
    const inBatches = createBatches({
      database,
      revision,
      file,
      transaction,
      journal: journal?.batches,
      knex,
      watch,
      proveOwned,
    })
    return revisionContext(run, direction, inBatches)
  }
  const setsOwn = (name: string): boolean => counted.limitsSet.has(name)
  const patience = createPatience({ database, revision, inForce, setsOwn, watch: lock.watch })
  const options = {
    transaction,
    revision,
    file,
    signal,
    beforeStatement: lock.watch,
    record: journal,
    patience,
    onStatement,
    onFacts,
  }
  const applied = await applyLimits(connection, inForce, transaction)
  try {
    await withHandle(
      connection,
      options,
      async (knex, watch) => {
        await applied.inside()
        return work(knex, contextOf(knex, watch))
      },
      async () => {
        // Before the rows are written: the revision may have taken a role that must not write them, and its time limits
        // are not meant for them.
        await journal?.unlock()
        await restore()
        await record()
      },
    )
  } catch (error) {
    await journal?.unlock()
    await restoreQuietly(restore)
    throw error
  } finally {
    await applied.end()
  }
}

// After a failure the connection may be gone, and the failure is what has to be told.
async function restoreQuietly(restore: RestoreSession): Promise<void> {
  await restore().catch(() => undefined)
}

function revisionContext(
  { database, options, step }: StepOfRun,
  direction: 'upgrade' | 'downgrade',
  inBatches: InBatches,
): RevisionContext {
  const { dialect, report, signal } = database
  return {
    x: options.x,
    tag: options.tag,
    direction,
    dialect: dialect.name,
    offline: false,
    signal,
    log: (text) => report({ type: 'log', revision: step.revision, text: String(text) }),
    inBatches,
  }
}

function stepEvent({ step, index, steps }: StepOfRun): StepEvent {
  const { direction, revision, message, file } = step
  return { direction, revision, message, file, index: index + 1, total: steps.length }
}
