import { randomUUID } from 'node:crypto'
import { type EventEntry, type EventKind, openEventLog, type RunFacts } from '../../database/event-log.ts'
import { interruption } from '../../database/interruption.ts'
import { type Limited, openLimits } from '../../database/limits/run-limits.ts'
import type { WantedLimits } from '../../database/limits/time-limit.ts'
import type { RunLock } from '../../database/lock/take-lock.ts'
import type { Database } from '../../database/open-database.ts'
import { isInterruption } from '../../database/run-step.ts'
import { tellOutcome } from '../../database/tell-outcome.ts'
import type { Seed } from '../graph/seed.ts'
import type { SeedOfRun } from './run-seed.ts'
import type { LoadedSeed, SeedRun } from './seed-run.ts'
import { ensureSeedTables } from './seed-table.ts'

/** What one run over seeds is told. */
export interface SeedRunOptions {
  readonly environment: string | undefined
  readonly x: Readonly<Record<string, string>>
  readonly facts: RunFacts
  /** The seeds that say they fill a table, without this one and those that depend on it; for advice. */
  fillersOf(table: string, seed: Seed): readonly string[]
  /** The time limits of this run. */
  readonly limits: WantedLimits
}

/** What a run over seeds does with each of them. */
export interface SeedWalk<R> {
  readonly what: 'run' | 'undo'
  readonly seeds: readonly LoadedSeed[]
  /** `ending` is to be written with the last seed, in its transaction. */
  each(place: SeedOfRun, ending: EventEntry | undefined): Promise<R>
}

/** What was done. */
export interface SeedWalkResult<R> {
  readonly runId: string
  readonly results: readonly R[]
}

/** Goes over loaded seeds in their order, under a lock that is held, and writes down in the event log how it went. */
export async function walkSeeds<R>(
  database: Database,
  lock: RunLock,
  walk: SeedWalk<R>,
  options: SeedRunOptions,
): Promise<SeedWalkResult<R>> {
  const { what, seeds } = walk
  const runId = randomUUID()
  const started = performance.now()
  const { rows } = await database.readRows()
  const limits = await openLimits(database, options.limits, toLimited(walk))
  await ensureSeedTables(database)
  const log = await openEventLog(database, runId, options.facts)
  const kind: EventKind = what === 'run' ? 'seed' : 'seed undo'
  const whole = { what: kind, rowsBefore: rows, rowsAfter: rows }
  await log.write({ ...whole, outcome: 'started' })
  database.report({ type: 'seeds:start', runId, what, seeds: seeds.length, database: database.description.text })
  const quiet = {
    ...log,
    writeQuietly: async (entry: EventEntry) => (lock.lost.aborted ? undefined : log.writeQuietly(entry)),
  }
  const { environment, x, fillersOf } = options
  const run: SeedRun = { database, runId, what, lock, log: quiet, rows, limits, fillersOf, environment, x }
  const names = seeds.map(({ seed }) => seed.seed)
  const results: R[] = []
  try {
    for (const [index, loaded] of seeds.entries()) {
      await assertMayGoOn(database, lock, names, index)
      const ending: EventEntry | undefined = index === seeds.length - 1 ? { ...whole, outcome: 'done' } : undefined
      results.push(await walk.each({ run, loaded, names, index }, ending))
    }
  } catch (error) {
    await quiet.writeQuietly({ ...whole, outcome: isInterruption(error) ? 'interrupted' : 'failed', error })
    throw error
  }
  database.report({ type: 'seeds:done', runId, ms: Math.round(performance.now() - started) })
  return { runId, results }
}

function toLimited({ what, seeds }: Pick<SeedWalk<unknown>, 'what' | 'seeds'>): Limited[] {
  return seeds.map(({ seed, module }) => ({
    revision: seed.seed,
    work: what === 'run' ? module.run : (module.undo ?? 'by its keys'),
    transaction: module.transaction,
  }))
}

async function assertMayGoOn(
  database: Database,
  lock: RunLock,
  names: readonly string[],
  index: number,
): Promise<void> {
  try {
    if (database.signal.aborted) throw interruption(database.signal)
    await lock.assertHeld()
  } catch (error) {
    const outcome = {
      done: names.slice(0, index),
      notRun: names.slice(index),
      rolledBack: true,
      committedStatements: 0,
    }
    throw tellOutcome(error as Error, outcome)
  }
}
