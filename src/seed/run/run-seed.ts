import type { Knex } from 'knex'
import { StepFailure } from '../../database/handle/step-failure.ts'
import { type StatementReport, type StepFacts, withHandle } from '../../database/handle/with-handle.ts'
import { isInterruption } from '../../database/run-step.ts'
import { type RestoreSession, saveSession } from '../../database/session-settings.ts'
import { tellOutcome } from '../../database/tell-outcome.ts'
import { RevError } from '../../errors/index.ts'
import type { StepOutcome } from '../../errors/step-outcome.ts'
import type { SeedEvent } from '../../events.ts'
import type { SeedContext } from '../files/seed-module.ts'
import type { HelperCounts } from './context-parts.ts'
import { createSeedContext } from './seed-context.ts'
import { seedRemedy } from './seed-remedy.ts'
import type { LoadedSeed, SeedRun } from './seed-run.ts'

/** What a seed did. */
export interface SeedWork {
  /** What its function gave back. */
  readonly value: unknown
  readonly statements: number
  /** Rows that its statements inserted, changed or removed. */
  readonly rows: number
  readonly ms: number
}

/** One seed in its run. */
export interface SeedOfRun {
  readonly run: SeedRun
  readonly loaded: LoadedSeed
  /** All seeds of the run, in order. */
  readonly names: readonly string[]
  /** From 0. */
  readonly index: number
}

/** What happens in the transaction of a seed. */
export interface SeedSteps {
  /** The seed's own work. */
  work(knex: Knex, context: SeedContext): unknown
  /** Recorded after it, before the commit. */
  record(done: Omit<SeedWork, 'value'> & { readonly helperRows: number }): Promise<void>
  /** Records how far the seed is, in the transaction of a batch; undefined for one that has a transaction. */
  savePositions: ((positions: readonly number[], rows: number, helperRows: number) => Promise<void>) | undefined
  /** How far an earlier run came. */
  readonly positions: readonly number[]
}

/**
 * Carries out one seed: its function and its record in one transaction where there is one. Throws REV_SEED_FAILED,
 * REV_SEED_ROWS, REV_STEP_* when the seed cheated, and REV_INTERRUPTED when aborted.
 */
export async function runSeed(place: SeedOfRun, steps: SeedSteps): Promise<SeedWork> {
  const { run, loaded } = place
  const { report } = run.database
  const event = seedEvent(place)
  const started = performance.now()
  const elapsed = (): number => Math.round(performance.now() - started)
  const counted: Counted = { statements: 0, failed: 0, committed: 0, rows: 0 }
  report({ type: 'seed:start', ...event })
  try {
    const value = await carryOut(place, steps, counted, elapsed)
    const { statements, rows } = counted
    report({ type: 'seed:done', ...event, ms: elapsed(), statements, rows })
    return { value, statements, rows, ms: elapsed() }
  } catch (error) {
    const failure = toSeedError(place, error, counted.committed)
    await run.log.writeQuietly({
      what: run.what === 'run' ? 'seed' : 'seed undo',
      revision: loaded.seed.seed,
      outcome: isInterruption(failure) ? 'interrupted' : 'failed',
      rowsBefore: run.rows,
      rowsAfter: run.rows,
      checksum: loaded.checksum,
      statements: counted.statements,
      ...(counted.failed > 0 ? { failedStatement: counted.failed } : {}),
      error: failure,
      milliseconds: elapsed(),
    })
    report({ type: 'seed:failed', ...event, ms: elapsed(), statements: counted.statements, error: failure })
    throw failure
  }
}

interface Counted {
  statements: number
  /** The number of the statement that failed; 0 when none did. */
  failed: number
  /** How many are in the database for good, whatever becomes of the seed. */
  committed: number
  rows: number
}

async function carryOut(
  { run, loaded }: SeedOfRun,
  steps: SeedSteps,
  counted: Counted,
  elapsed: () => number,
): Promise<unknown> {
  const { database, lock } = run
  const { seed, file } = loaded.seed
  const { transaction } = loaded.module
  const restore = await saveSession(database.connection)
  const onStatement = (statement: StatementReport): void => {
    counted.statements += 1
    counted.rows += statement.changed ?? 0
    if (statement.error !== undefined) counted.failed = counted.statements
    database.report({ type: 'statement', revision: seed, ...statement })
  }
  const onFacts = (facts: StepFacts): void => {
    counted.statements = facts.statements
    counted.committed = facts.committedStatements
  }
  const counts: HelperCounts = { rows: 0, positions: steps.positions }
  const { savePositions } = steps
  const options = {
    transaction,
    // Seeds change rows, not tables: here SQLite is to do what the others do.
    keepForeignKeys: true,
    revision: seed,
    file,
    signal: database.signal,
    beforeStatement: lock.watch,
    onStatement,
    onFacts,
  }
  let value: unknown
  try {
    await withHandle(
      database.connection,
      options,
      async (knex) => {
        const save =
          savePositions &&
          ((positions: readonly number[]): Promise<void> => savePositions(positions, counted.rows, counts.rows))
        const context = createSeedContext({ run, loaded, knex, counts, savePositions: save })
        value = await steps.work(knex, context)
      },
      async () => {
        // Before the record is written: the seed may have taken a role that must not write it.
        await restore()
        await lock.proveOwned()
        const { statements, rows } = counted
        await steps.record({ statements, rows, ms: elapsed(), helperRows: counts.rows })
      },
    )
  } catch (error) {
    await restoreQuietly(restore)
    throw error
  }
  return value
}

// After a failure the connection may be gone, and the failure is what has to be told.
async function restoreQuietly(restore: RestoreSession): Promise<void> {
  await restore().catch(() => undefined)
}

function seedEvent({ run, loaded, index, names }: SeedOfRun): SeedEvent {
  const { seed, message, file } = loaded.seed
  return { what: run.what, seed, message, file, index: index + 1, total: names.length }
}

function toSeedError({ run, loaded, names, index }: SeedOfRun, error: unknown, committed: number): Error {
  const { redactor } = run.database
  const { seed } = loaded.seed
  const outcome: StepOutcome & { readonly failed: string } = {
    done: names.slice(0, index),
    failed: seed,
    notRun: names.slice(index + 1),
    rolledBack: loaded.module.transaction && committed === 0,
    committedStatements: committed,
  }
  if (!(error instanceof StepFailure)) {
    return tellOutcome(redactor.error(error instanceof Error ? error : new Error(String(error))), outcome)
  }
  const { statement, position, file, line, driverMessage, committedStatements, rolledBack, uncertain } = error.facts
  const remedy = seedRemedy(error.cause)
  return new RevError(
    'REV_SEED_FAILED',
    {
      seed,
      file: file ?? loaded.seed.file,
      line,
      what: run.what,
      statement: statement === undefined ? undefined : redactor.text(statement),
      position,
      driverMessage: redactor.text(driverMessage),
      ...outcome,
      rolledBack,
      committedStatements,
      ...(uncertain ? { uncertain } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: redactor.error(error.cause) },
  )
}
