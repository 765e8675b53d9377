import { type Database, withDatabase } from '../../database/database.ts'
import { withRunLock } from '../../database/with-run-lock.ts'
import { findCheckedOutCommit } from '../../script/git-commit.ts'
import { type PlannedSeed, planSeeds, type SeedPlan } from '../../seed/graph/plan-seeds.ts'
import { doSeed } from '../../seed/run/carry-out.ts'
import { type SeedRunOptions as WalkOptions, walkSeeds } from '../../seed/run/run-seeds.ts'
import { readSeedRecords } from '../../seed/run/seed-table.ts'
import type { CommandContext } from '../context.ts'
import { checkedReason } from '../reason.ts'
import { lockTimeoutOf } from '../run-plan.ts'
import { type LimitOptions, wantedLimits } from '../wanted-limits.ts'
import { assertRevisionsApplied, fillersIn, loadSeeds, placeOf, readSeedProject } from './seed-project.ts'
import { type SeedSelectionOptions, type SeedWriteOptions, selectionOf } from './seed-selection.ts'
import { tellReverted } from './tell-reverted.ts'

export interface SeedRunOptions extends SeedSelectionOptions, SeedWriteOptions, LimitOptions {}

/** One seed that ran. */
export interface SeedResult {
  readonly seed: string
  readonly message: string
  /** Absolute; undefined for a seed that a program handed in without a path. */
  readonly file: string | undefined
  readonly mode: 'once' | 'onchange' | 'always'
  readonly why: PlannedSeed['why']
  readonly statements: number
  /** Rows that its statements inserted, changed or removed. */
  readonly rows: number
  readonly ms: number
  /** What its function gave back; only for programs. */
  readonly value: unknown
}

/** One that was wanted and did not have to run. */
export interface SeedLeft {
  readonly seed: string
  /** Absolute; undefined for a seed that a program handed in without a path. */
  readonly file: string | undefined
  readonly why: 'done' | 'edited' | 'elsewhere'
}

export interface SeedRunResult {
  readonly command: 'seed run'
  /** Which database, without its secrets. */
  readonly database: string
  readonly environment: string | undefined
  /** Undefined when nothing was to be run; then no lock was taken and nothing written. */
  readonly runId: string | undefined
  /** Those that ran, in order. */
  readonly seeds: readonly SeedResult[]
  readonly left: readonly SeedLeft[]
}

/**
 * Runs seeds: what they depend on first, each in a transaction of its own with its record. Nothing to do is a success.
 * Throws REV_SEED_* before anything ran, and REV_SEED_FAILED and REV_STEP_* with what was done and what was not.
 */
export async function seedRun(context: CommandContext, options: SeedRunOptions = {}): Promise<SeedRunResult> {
  const reason = checkedReason(options.reason)
  const timeoutMs = lockTimeoutOf(context, 'seed run', options)
  const limits = wantedLimits(options)
  const commit = findCheckedOutCommit(context.directory)
  const project = await readSeedProject(context)
  const planned = (database: Database, state: State): SeedPlan => {
    const plan = planSeeds(project.graph, selectionOf(options), placeOf(context, project, state.records))
    assertRevisionsApplied(database, project, plan.run, state.rows)
    return plan
  }
  const isWorthCreating = (absent: Database): boolean => planned(absent, NOTHING).run.length > 0
  return withDatabase(context, { readOnly: false, isWorthCreating }, async (database) => {
    const found = await readState(database)
    const first = planned(database, found)
    const done = first.left.flatMap(({ seed, why }) => (why === 'done' ? seed : []))
    await tellReverted(database, project.graph, done, found.records)
    const about = {
      command: 'seed run' as const,
      database: database.description.text,
      environment: context.environment,
    }
    if (first.run.length === 0) return { ...about, runId: undefined, seeds: [], left: toLeft(first) }
    const facts = { gitCommit: await commit, reason }
    const fillersOf = fillersIn(project, database)
    const walk: WalkOptions = { environment: context.environment, x: options.x ?? {}, facts, limits, fillersOf }
    return withRunLock(database, { what: 'seed run', lockTimeoutMs: timeoutMs }, async (locked, lock) => {
      // Whoever held the lock before may have done it all.
      const state = await readState(locked)
      const plan = planned(locked, state)
      if (plan.run.length === 0) return { ...about, runId: undefined, seeds: [], left: toLeft(plan) }
      const seeds = await loadSeeds(project, state.records, plan.run)
      const { runId, results } = await walkSeeds(locked, lock, { what: 'run', seeds, each: doSeed }, walk)
      return { ...about, runId, seeds: toResults(plan, results), left: toLeft(plan) }
    })
  })
}

interface State {
  readonly rows: readonly string[]
  readonly records: Awaited<ReturnType<typeof readSeedRecords>>
}

const NOTHING: State = { rows: [], records: new Map() }

async function readState(database: Database): Promise<State> {
  return { rows: (await database.readRows()).rows, records: await readSeedRecords(database) }
}

function toResults({ run }: SeedPlan, works: readonly Awaited<ReturnType<typeof doSeed>>[]): SeedResult[] {
  return works.flatMap((work, index) => {
    const planned = run[index]
    if (planned === undefined) return []
    const { seed, message, file, mode } = planned.seed
    return { seed, message, file, mode, why: planned.why, ...work }
  })
}

function toLeft({ left }: SeedPlan): SeedLeft[] {
  return left.map(({ seed, why }) => ({ seed: seed.seed, file: seed.file, why }))
}
