import { isRevError, RevError } from '../errors/index.ts'
import type { StepOutcome } from '../errors/step-outcome.ts'
import type { StepEvent } from '../events.ts'
import { rowChanges } from '../graph/version-rows.ts'
import type { RevisionContext } from '../script/revision-module.ts'
import type { EventEntry, EventLog } from './event-log.ts'
import { withOuterTransaction } from './handle/outer-transaction.ts'
import { StepFailure } from './handle/step-failure.ts'
import { type StatementReport, type StepFacts, withHandle } from './handle/with-handle.ts'
import { hintFor } from './known-errors.ts'
import { applyLimits } from './limits/apply-limits.ts'
import { explainLimit, type LimitFacts } from './limits/explain-limit.ts'
import { runAgain } from './limits/run-again.ts'
import type { LimitsInForce, RunLimits } from './limits/run-limits.ts'
import { createPatience } from './limits/send-again.ts'
import type { LoadedStep } from './load-steps.ts'
import type { RunLock } from './lock/take-lock.ts'
import type { Database } from './open-database.ts'
import type { RunOptions, StepResult } from './run-result.ts'
import { type RestoreSession, saveSession } from './session-settings.ts'
import { tellOutcome } from './tell-outcome.ts'
import { applyRowChanges } from './version-table.ts'

/** One step in its run. */
export interface StepOfRun {
  readonly database: Database
  readonly options: RunOptions
  readonly lock: Pick<RunLock, 'watch' | 'proveOwned' | 'assertHeld'>
  readonly log: EventLog
  readonly limits: RunLimits
  readonly step: LoadedStep
  readonly steps: readonly LoadedStep[]
  /** From 0. */
  readonly index: number
  /** The version rows before the step. */
  readonly before: readonly string[]
  /** Written with the last step, in its transaction, so that a finished run never looks like one that was cut off. */
  readonly ending: EventEntry | undefined
}

/**
 * Carries out one step: the revision's function, its version rows and its event in one transaction where there is one.
 * Throws REV_STEP_FAILED, the other REV_STEP_* errors, REV_DATABASE_ROW_MISMATCH, and REV_INTERRUPTED when aborted.
 */
export async function runStep(run: StepOfRun): Promise<StepResult> {
  const { database, step, log, limits, before } = run
  const event = stepEvent(run)
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  const inForce = limits(step)
  const counted = { statements: 0, failed: 0, committed: 0, limitsSet: new Set<string>() }
  const explain = async (error: unknown, attempts: number): Promise<Error> => {
    const failure = await toStepError(run, error, counted, inForce, attempts)
    await log.writeQuietly({
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
    })
    return failure
  }
  database.report({ type: 'step:start', ...event })
  try {
    await runAgain(run, inForce, {
      once() {
        Object.assign(counted, { statements: 0, failed: 0, committed: 0, limitsSet: new Set<string>() })
        return carryOut(run, inForce, counted, elapsed)
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

// `innodb_lock_wait_timeout` is one of them, too.
const LIMIT_SETTING =
  /lock_timeout|lock_wait_timeout|busy_timeout|statement_timeout|max_statement_time|max_execution_time/gi

function noteLimits(sql: string, names: Set<string>): void {
  if (!/\b(?:set|reset|set_config|pragma)\b/i.test(sql)) return
  for (const [name] of sql.matchAll(LIMIT_SETTING)) names.add(name.toLowerCase())
}

async function carryOut(
  run: StepOfRun,
  inForce: LimitsInForce,
  counted: Counted,
  elapsed: () => number,
): Promise<void> {
  const { database, lock, step, log, before, ending } = run
  const { connection, tables, report, signal } = database
  const record = async (): Promise<void> => {
    await lock.proveOwned()
    await applyRowChanges(connection, tables.version, rowChanges(before, step.rows))
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
  const context = revisionContext(run, direction)
  const setsOwn = (name: string): boolean => counted.limitsSet.has(name)
  const patience = createPatience({ database, revision, inForce, setsOwn, watch: lock.watch })
  const options = { transaction, revision, file, signal, beforeStatement: lock.watch, patience, onStatement, onFacts }
  const applied = await applyLimits(connection, inForce, transaction)
  try {
    await withHandle(
      connection,
      options,
      async (knex) => {
        await applied.inside()
        return work(knex, context)
      },
      async () => {
        // Before the rows are written: the revision may have taken a role that must not write them, and its time limits
        // are not meant for them.
        await restore()
        await record()
      },
    )
  } catch (error) {
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

async function toStepError(
  run: StepOfRun,
  error: unknown,
  { committed, limitsSet }: Counted,
  inForce: LimitsInForce,
  attempts: number,
): Promise<Error> {
  const { database, options, steps, index, step } = run
  const { redactor } = database
  const ids = steps.map(({ revision }) => revision)
  const outcome: StepOutcome & { readonly failed: string } = {
    // In one transaction nothing is done until all is.
    done: options.singleTransaction ? [] : ids.slice(0, index),
    failed: step.revision,
    notRun: options.singleTransaction ? ids.filter((_, at) => at !== index) : ids.slice(index + 1),
    rolledBack: step.transaction && committed === 0,
    committedStatements: committed,
    ...(options.singleTransaction ? { singleTransaction: true } : {}),
  }
  if (!(error instanceof StepFailure)) {
    return tellOutcome(redactor.error(error instanceof Error ? error : new Error(String(error))), outcome)
  }
  const { statement, position, file, line, driverMessage, committedStatements, rolledBack, uncertain } = error.facts
  const setsOwn = (name: string): boolean => limitsSet.has(name)
  const known: LimitFacts = await explainLimit(database.connection, inForce, setsOwn, error.cause, statement)
  const { remedy = hintFor(error.cause), ...limitFacts } = known
  return new RevError(
    'REV_STEP_FAILED',
    {
      revision: step.revision,
      file: file ?? step.file,
      line,
      direction: step.direction === 'downgrade' ? 'downgrade' : 'upgrade',
      statement: statement === undefined ? undefined : redactor.text(statement),
      position,
      driverMessage: redactor.text(driverMessage),
      ...outcome,
      rolledBack,
      committedStatements,
      ...(uncertain ? { uncertain } : {}),
      ...limitFacts,
      ...(attempts > 1 ? { attempts } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: redactor.error(error.cause) },
  )
}
