import { isRevError } from '../errors/index.ts'
import type { StepEvent } from '../events.ts'
import { rowChanges } from '../graph/version-rows.ts'
import type { RevisionContext } from '../script/revision-module.ts'
import type { EventEntry } from './event-log.ts'
import { withOuterTransaction } from './handle/outer-transaction.ts'
import { type StatementReport, type StepFacts, withHandle } from './handle/with-handle.ts'
import { clearStep } from './journal/journal-table.ts'
import { readLeftBehind } from './journal/left-behind.ts'
import { openStepJournal } from './journal/open-journal.ts'
import type { StepJournal } from './journal/step-journal.ts'
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
  const { database, step, log, before } = run
  const event = stepEvent(run)
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  const counted = { statements: 0, failed: 0, committed: 0 }
  const journal = await openStepJournal(database, step, run.runId, run.continuation)
  database.report({ type: 'step:start', ...event })
  try {
    await carryOut(run, journal, counted, elapsed)
  } catch (error) {
    const left = journal === undefined ? undefined : await readLeftBehind(database, journal.key)
    const failure = toStepError(run, error, { committed: counted.committed, isJournaled: journal !== undefined, left })
    const entry: EventEntry = {
      what: step.direction,
      revision: step.revision,
      outcome: isInterruption(failure) ? 'interrupted' : 'failed',
      rowsBefore: before,
      rowsAfter: before,
      checksum: step.checksum,
      statements: counted.statements,
      ...(counted.failed > 0 ? { failedStatement: counted.failed } : {}),
      error: failure,
      milliseconds: elapsed(),
    }
    await log.writeQuietly(entry)
    database.report({ type: 'step:failed', ...event, ms: elapsed(), statements: counted.statements, error: failure })
    throw failure
  }
  const { direction, revision, message, file, rows } = step
  const done = { ms: elapsed(), statements: counted.statements, rows }
  database.report({ type: 'step:done', ...event, ...done })
  return { direction, revision, message, file, ...done }
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
}

async function carryOut(
  run: StepOfRun,
  journal: StepJournal | undefined,
  counted: Counted,
  elapsed: () => number,
): Promise<void> {
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
    if (statement.error !== undefined) counted.failed = counted.statements
    report({ type: 'statement', revision, ...statement })
  }
  const onFacts = (facts: StepFacts): void => {
    counted.statements = facts.statements
    counted.committed = facts.committedStatements
  }
  const context = revisionContext(run, direction)
  const options = {
    transaction,
    revision,
    file,
    signal,
    beforeStatement: lock.watch,
    record: journal,
    onStatement,
    onFacts,
  }
  try {
    await withHandle(
      connection,
      options,
      (knex) => work(knex, context),
      async () => {
        // Before the rows are written: the revision may have taken a role that must not write them.
        await restore()
        await record()
      },
    )
  } catch (error) {
    await restoreQuietly(restore)
    throw error
  }
}

// After a failure the connection may be gone, and the failure is what has to be told.
async function restoreQuietly(restore: RestoreSession): Promise<void> {
  await restore().catch(() => undefined)
}

function revisionContext({ database, options, step }: StepOfRun, direction: 'upgrade' | 'downgrade'): RevisionContext {
  const { dialect, report, signal } = database
  return {
    x: options.x,
    tag: options.tag,
    direction,
    dialect: dialect.name,
    offline: false,
    signal,
    log: (text) => report({ type: 'log', revision: step.revision, text: String(text) }),
  }
}

function stepEvent({ step, index, steps }: StepOfRun): StepEvent {
  const { direction, revision, message, file } = step
  return { direction, revision, message, file, index: index + 1, total: steps.length }
}
