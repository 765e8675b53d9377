import { randomUUID } from 'node:crypto'
import { isRevError, RevError } from '../errors/index.ts'
import { assertNotEmptied } from './assert-not-emptied.ts'
import { type EventEntry, type EventLog, openEventLog } from './event-log.ts'
import { withOuterTransaction } from './handle/outer-transaction.ts'
import { interruption } from './interruption.ts'
import { type Continuations, continueSteps } from './journal/continue-steps.ts'
import { ensureJournal, hasJournal } from './journal/journal-table.ts'
import { needsJournal } from './journal/open-journal.ts'
import { openLimits, type RunLimits } from './limits/run-limits.ts'
import { assertOneTransaction, type LoadedStep, loadSteps } from './load-steps.ts'
import type { RunLock } from './lock/take-lock.ts'
import { assertOwn, type Meta, readMeta, recordMeta, tellProject } from './meta-table.ts'
import type { Database } from './open-database.ts'
import { planRun, sameRows } from './plan-run.ts'
import { assertEmpty } from './preflight.ts'
import type { RunOptions, RunResult, StepResult } from './run-result.ts'
import { isInterruption, runStep } from './run-step.ts'
import { sayUntested } from './say-untested.ts'
import { type TakenBack, takeBack, tellTakenBack } from './take-back.ts'
import { tellOutcome } from './tell-outcome.ts'
import { assertRowsFit, assertRowsWritable } from './version-table.ts'
import { withRunLock } from './with-run-lock.ts'

export type { RunOptions, RunResult, StepResult } from './run-result.ts'

/**
 * One run: plan; when something is pending, take the lock, read the rows again, plan again, load every module, carry out
 * the steps, read the rows back, give the lock back. Nothing pending takes no lock and writes nothing.
 */
export async function run(database: Database, options: RunOptions): Promise<RunResult> {
  const runId = randomUUID()
  sayUntested(database)
  const first = await database.readRows()
  await lookAtMeta(database)
  // Nothing to do, and something that is not finished, is for the lock to tell apart from a run that is at work.
  if (planRun(database, options, first.rows).steps.length === 0 && !(await hasJournal(database))) {
    return { runId, before: first.rows, rows: first.rows, steps: [] }
  }
  const { direction, lockTimeoutMs } = options
  return withRunLock(database, { what: direction, lockTimeoutMs }, (locked, lock, meta) =>
    runLocked(locked, options, runId, lock, meta),
  )
}

async function runLocked(
  database: Database,
  options: RunOptions,
  runId: string,
  lock: RunLock,
  meta: Meta,
): Promise<RunResult> {
  const { report, description } = database
  const started = performance.now()
  const { exists, rows: before } = await database.readRows()
  if (database.connection.joined) tellProject(database, meta)
  const plan = planRun(database, options, before)
  // Before anything is looked into or forgotten: the files may not even load.
  const steps = await loadSteps(plan, options.scripts)
  await options.assertMayRun?.(steps.map(({ revision }) => revision))
  const going = await continueSteps(
    database,
    plan.steps,
    options.direction,
    options.journal ?? {},
    options.lockTimeoutMs,
  )
  // Whoever held the lock before may have done it all.
  if (steps.length === 0) return { runId, before, rows: before, steps: [] }
  // Not before the lock: another first run may be at work, and its tables would look like somebody else's.
  if (options.direction === 'upgrade' && before.length === 0 && !options.allowNonEmpty) {
    await (exists ? assertNotEmptied(database) : assertEmpty(database))
  }
  if (options.singleTransaction) assertOneTransaction(database, steps)
  const limits = await openLimits(database, options.limits ?? {}, steps)
  await database.ensureVersionTable()
  await assertRowsFit(database, new Set(steps.flatMap((step) => step.rows)))
  await assertRowsWritable(database)
  await recordMeta(database, meta)
  if (steps.some((step) => needsJournal(database, step))) await ensureJournal(database)
  const log = silentOnceLost(await openEventLog(database, runId, options.facts ?? {}), lock)
  const whole = { what: options.direction, rowsBefore: before, rowsAfter: plan.rows }
  await log.write({ ...whole, rowsAfter: before, outcome: 'started' })
  report({ type: 'run:start', runId, direction: options.direction, steps: steps.length, database: description.text })
  const loop = (): Promise<StepResult[]> =>
    runSteps({ database, options, lock, log, runId, limits, steps, going, before, whole })
  const results = await endingBadly(database, log, whole, () =>
    options.singleTransaction ? withOuterTransaction(database.connection, loop) : loop(),
  )
  const rows = await readBack(database, plan.rows).catch((error: Error) => {
    // All of it is committed, whatever this question came to.
    const done = steps.map(({ revision }) => revision)
    throw tellOutcome(error, { done, notRun: [], rolledBack: true, committedStatements: 0 })
  })
  report({ type: 'run:done', runId, ms: Math.round(performance.now() - started), rows })
  return { runId, before, rows, steps: results }
}

type Whole = Pick<EventEntry, 'what' | 'rowsBefore' | 'rowsAfter'>

interface Loop {
  readonly database: Database
  readonly options: RunOptions
  readonly lock: RunLock
  readonly log: EventLog
  readonly runId: string
  readonly limits: RunLimits
  readonly steps: readonly LoadedStep[]
  readonly going: Continuations
  readonly before: readonly string[]
  readonly whole: Whole
}

async function runSteps(loop: Loop): Promise<StepResult[]> {
  const { options, steps, going, whole } = loop
  const results: StepResult[] = []
  let before = loop.before
  try {
    for (const [index, step] of steps.entries()) {
      await assertMayGoOn(loop, index)
      const ending: EventEntry | undefined = index === steps.length - 1 ? { ...whole, outcome: 'done' } : undefined
      const continuation = going.get(step.revision)
      results.push(await runStep({ ...loop, step, continuation, index, before, ending }))
      before = step.rows
    }
    return results
  } catch (error) {
    if (options.direction !== 'upgrade' || options.onFailure !== 'downgrade' || options.singleTransaction) throw error
    throw tellTakenBack(error, await takeBackSteps(loop, steps.slice(0, results.length), error))
  }
}

function takeBackSteps(loop: Loop, done: readonly LoadedStep[], error: unknown): Promise<TakenBack> {
  const { options, lock, before } = loop
  return takeBack({
    scripts: options.scripts,
    done,
    before,
    error,
    async runStep(step, index, steps, rows) {
      await lock.assertHeld()
      return runStep({ ...loop, steps, step, continuation: undefined, index, before: rows, ending: undefined })
    },
  })
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

// Before the rows are judged: those of another project are unknown to the files, which would be told as something else.
// It is asked again under the lock. A question that fails, for want of a privilege say, would end the caller's transaction;
// else it stops nobody who has nothing to do.
async function lookAtMeta(database: Database): Promise<void> {
  if (database.connection.joined) return
  const meta = await readMeta(database).catch((error: unknown): Meta | undefined => {
    if (isRevError(error)) return undefined
    throw error
  })
  if (meta === undefined) return
  assertOwn(database, meta)
  tellProject(database, meta)
}
