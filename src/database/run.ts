import { randomUUID } from 'node:crypto'
import { RevError } from '../errors/index.ts'
import { type EventEntry, type EventLog, openEventLog } from './event-log.ts'
import { withOuterTransaction } from './handle/outer-transaction.ts'
import { interruption } from './interruption.ts'
import { assertOneTransaction, type LoadedStep, loadSteps } from './load-steps.ts'
import { refusePooler } from './lock/refuse-pooler.ts'
import { type RunLock, takeLock } from './lock/take-lock.ts'
import type { Database } from './open-database.ts'
import { planRun, sameRows } from './plan-run.ts'
import { assertEmpty, assertWritable } from './preflight.ts'
import type { RunOptions, RunResult, StepResult } from './run-result.ts'
import { isInterruption, runStep } from './run-step.ts'
import { announceSession } from './session-settings.ts'
import { tellOutcome } from './tell-outcome.ts'
import { assertRowsFit, assertRowsWritable } from './version-table.ts'

export type { RunOptions, RunResult, StepResult } from './run-result.ts'

/**
 * One run: plan; when something is pending, take the lock, read the rows again, plan again, load every module, carry out
 * the steps, read the rows back, give the lock back. Nothing pending takes no lock and writes nothing.
 */
export async function run(database: Database, options: RunOptions): Promise<RunResult> {
  const runId = randomUUID()
  sayUntested(database)
  const first = await database.readRows()
  if (planRun(database, options, first.rows).steps.length === 0) {
    return { runId, before: first.rows, rows: first.rows, steps: [] }
  }
  await assertWritable(database)
  const hasSession = database.settings.lock !== 'lease'
  if (hasSession) await refusePooler(database)
  // What is set on a session that a pooler hands to others would be theirs.
  if (hasSession && database.owned) await announceSession(database.connection, options.direction)
  if (database.owned && database.description.filename === ':memory:') {
    const message = 'the database is in memory: what is done in it is gone when this connection ends'
    database.report({ type: 'notice', code: 'REV_NOTICE_IN_MEMORY', message })
  }
  const lock = await takeLock(database, { timeoutMs: options.lockTimeoutMs })
  try {
    const signal = AbortSignal.any([database.signal, lock.lost])
    return await runLocked({ ...database, signal }, options, runId, lock)
  } finally {
    await giveBack(database, lock)
  }
}

async function runLocked(database: Database, options: RunOptions, runId: string, lock: RunLock): Promise<RunResult> {
  const { report, description } = database
  const started = performance.now()
  const { exists, rows: before } = await database.readRows()
  const plan = planRun(database, options, before)
  // Whoever held the lock before may have done it all.
  if (plan.steps.length === 0) return { runId, before, rows: before, steps: [] }
  // Not before the lock: another first run may be at work, and its tables would look like somebody else's.
  if (options.direction === 'upgrade' && !exists && !options.allowNonEmpty) await assertEmpty(database)
  const steps = await loadSteps(plan, options.scripts)
  if (options.singleTransaction) assertOneTransaction(database, steps)
  await database.ensureVersionTable()
  await assertRowsFit(database, new Set(steps.flatMap((step) => step.rows)))
  await assertRowsWritable(database)
  const log = silentOnceLost(await openEventLog(database, runId, options.facts ?? {}), lock)
  const whole = { what: options.direction, rowsBefore: before, rowsAfter: plan.rows }
  await log.write({ ...whole, rowsAfter: before, outcome: 'started' })
  report({ type: 'run:start', runId, direction: options.direction, steps: steps.length, database: description.text })
  const loop = (): Promise<StepResult[]> => runSteps({ database, options, lock, log, steps, before, whole })
  const results = await endingBadly(database, log, whole, () =>
    options.singleTransaction ? withOuterTransaction(database.connection, loop) : loop(),
  )
  const rows = await readBack(database, plan.rows)
  report({ type: 'run:done', runId, ms: Math.round(performance.now() - started), rows })
  return { runId, before, rows, steps: results }
}

type Whole = Pick<EventEntry, 'what' | 'rowsBefore' | 'rowsAfter'>

interface Loop {
  readonly database: Database
  readonly options: RunOptions
  readonly lock: RunLock
  readonly log: EventLog
  readonly steps: readonly LoadedStep[]
  readonly before: readonly string[]
  readonly whole: Whole
}

async function runSteps(loop: Loop): Promise<StepResult[]> {
  const { database, options, lock, log, steps, whole } = loop
  const results: StepResult[] = []
  let before = loop.before
  for (const [index, step] of steps.entries()) {
    await assertMayGoOn(loop, index)
    const ending: EventEntry | undefined = index === steps.length - 1 ? { ...whole, outcome: 'done' } : undefined
    results.push(await runStep({ database, options, lock, log, step, steps, index, before, ending }))
    before = step.rows
  }
  return results
}

async function assertMayGoOn({ database, options, lock, steps }: Loop, index: number): Promise<void> {
  try {
    if (database.signal.aborted) throw interruption(database.signal)
    await lock.assertHeld()
  } catch (error) {
    const ids = steps.map(({ revision }) => revision)
    const kept = options.singleTransaction ? 0 : index
    const outcome = { done: ids.slice(0, kept), notRun: ids.slice(kept), rolledBack: true, committedStatements: 0 }
    throw tellOutcome(error as Error, outcome)
  }
}

async function endingBadly<T>(database: Database, log: EventLog, whole: Whole, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } catch (error) {
    const outcome = isInterruption(error) ? 'interrupted' : 'failed'
    const rowsAfter = await database.readRows().then(
      ({ rows }) => rows,
      () => [],
    )
    await log.writeQuietly({ ...whole, rowsAfter, outcome, error })
    throw error
  }
}

// Whoever has taken the lock since has written that this run was cut off, and nothing comes after that.
function silentOnceLost(log: EventLog, lock: RunLock): EventLog {
  return { ...log, writeQuietly: async (entry) => (lock.lost.aborted ? undefined : log.writeQuietly(entry)) }
}

// Only now is it true: what a run reports as done is what the table says.
async function readBack(database: Database, expected: readonly string[]): Promise<readonly string[]> {
  const { rows } = await database.readRows()
  if (sameRows(rows, expected)) return rows
  throw new RevError('REV_DATABASE_ROWS_DIFFER', { table: database.tables.version.text, expected, found: rows })
}

/** Gives the lock back, and says so when it was not held any more. */
export async function giveBack({ report, connection, owned }: Database, lock: RunLock): Promise<void> {
  const ending = await lock.release()
  if (ending === 'released') return
  if (ending === 'lost') {
    const message =
      'the lock was not held by this run any more when it ended; a pooler between rev and the server may be why, or a lease that ran out'
    report({ type: 'notice', code: 'REV_NOTICE_LOCK_NOT_OURS', message })
  }
  // A connection whose lock is in doubt must not go on living in the caller's pool.
  const raw = connection.raw as { __knex__disposed?: unknown }
  if (!owned && !connection.joined) raw.__knex__disposed = 'rev could not give its lock back'
}

/** Says that rev does not know the database well, where that is so. */
export function sayUntested({ dialect, description, report }: Database): void {
  if (dialect.tested) return
  const message = `rev is not tested on the Knex client "${description.client}": it goes by the careful defaults for ${dialect.name}`
  report({ type: 'notice', code: 'REV_NOTICE_UNTESTED_DIALECT', message })
}
