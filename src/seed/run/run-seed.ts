import type { Knex } from 'knex'
import { StepFailure } from '../../database/handle/step-failure.ts'
import { type StatementReport, type StepFacts, withHandle } from '../../database/handle/with-handle.ts'
import { applyLimits } from '../../database/limits/apply-limits.ts'
import { explainLimit, type LimitedWork, type LimitFacts } from '../../database/limits/explain-limit.ts'
import { noteLimits } from '../../database/limits/own-limits.ts'
import type { LimitsInForce } from '../../database/limits/run-limits.ts'
import { createPatience } from '../../database/limits/send-again.ts'
import { isInterruption } from '../../database/run-step.ts'
import { type RestoreSession, saveSession } from '../../database/session-settings.ts'
import { tellOutcome } from '../../database/tell-outcome.ts'
import { RevError } from '../../errors/index.ts'
import type { StepOutcome } from '../../errors/step-outcome.ts'
import type { SeedEvent } from '../../events.ts'
import type { SeedContext } from '../files/seed-module.ts'
import type { HelperCounts } from './context-parts.ts'
import { explainForeignKey } from './explain-foreign-key.ts'
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
  const counted: Counted = { statements: 0, failed: 0, committed: 0, rows: 0, limitsSet: new Set() }
  const inForce = run.limits(loaded.module)
  report({ type: 'seed:start', ...event })
  try {
    const value = await carryOut(place, steps, { counted, inForce, elapsed })
    const { statements, rows } = counted
    report({ type: 'seed:done', ...event, ms: elapsed(), statements, rows })
    return { value, statements, rows, ms: elapsed() }
  } catch (error) {
    const failure = await toSeedError(place, error, { counted, inForce, elapsed })
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
  /** The limits that the seed sets by SQL of its own, by the names of their settings. */
  readonly limitsSet: Set<string>
}

/** One attempt at a seed. */
interface Attempt {
  readonly counted: Counted
  readonly inForce: LimitsInForce
  elapsed(): number
}

async function carryOut(
  { run, loaded }: SeedOfRun,
  steps: SeedSteps,
  { counted, inForce, elapsed }: Attempt,
): Promise<unknown> {
  const { database, lock } = run
  const { seed, file } = loaded.seed
  const { transaction } = loaded.module
  const restore = await saveSession(database.connection)
  const onStatement = (statement: StatementReport): void => {
    counted.statements += 1
    counted.rows += statement.changed ?? 0
    noteLimits(statement.sql, counted.limitsSet)
    if (statement.error !== undefined) counted.failed = counted.statements
    database.report({ type: 'statement', revision: seed, ...statement })
  }
  const onFacts = (facts: StepFacts): void => {
    counted.statements = facts.statements
    counted.committed = facts.committedStatements
  }
  const counts: HelperCounts = { rows: 0, positions: steps.positions }
  const { savePositions } = steps
  const setsOwn = (name: string): boolean => counted.limitsSet.has(name)
  const patience = createPatience({ database, revision: seed, inForce, setsOwn, watch: lock.watch })
  const options = {
    transaction,
    // Seeds change rows, not tables: here SQLite is to do what the others do.
    keepForeignKeys: true,
    revision: seed,
    file,
    signal: database.signal,
    beforeStatement: lock.watch,
    patience,
    onStatement,
    onFacts,
  }
  let value: unknown
  const applied = await applyLimits(database.connection, inForce, transaction)
  try {
    await withHandle(
      database.connection,
      options,
      async (knex) => {
        await applied.inside()
        const save =
          savePositions &&
          ((positions: readonly number[]): Promise<void> => savePositions(positions, counted.rows, counts.rows))
        const context = createSeedContext({ run, loaded, knex, counts, savePositions: save })
        value = await steps.work(knex, context)
      },
      async () => {
        // Before the record is written: the seed may have taken a role that must not write it, and its time limits are
        // not meant for it.
        await restore()
        await lock.proveOwned()
        const { statements, rows } = counted
        await steps.record({ statements, rows, ms: elapsed(), helperRows: counts.rows })
      },
    )
  } catch (error) {
    await restoreQuietly(restore)
    throw error
  } finally {
    await applied.end()
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

async function toSeedError(
  { run, loaded, names, index }: SeedOfRun,
  error: unknown,
  { counted, inForce }: Attempt,
): Promise<Error> {
  const { redactor, connection } = run.database
  const { committed, limitsSet } = counted
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
  const work: LimitedWork = { what: 'seed', setsOwn: (name) => limitsSet.has(name) }
  const known: LimitFacts = await explainLimit(connection, inForce, work, error.cause, statement)
  const { remedy = seedRemedy(error.cause), ...limitFacts } = known
  const foreignKey = await explainForeignKey(run, loaded, error.cause, statement)
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
      ...limitFacts,
      ...(foreignKey === undefined ? {} : { foreignKey }),
      rolledBack,
      committedStatements,
      ...(uncertain ? { uncertain } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: redactor.error(error.cause) },
  )
}
