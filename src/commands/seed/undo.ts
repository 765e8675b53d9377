import { type Database, withDatabase } from '../../database/database.ts'
import { withRunLock } from '../../database/with-run-lock.ts'
import { RevError } from '../../errors/index.ts'
import { findCheckedOutCommit } from '../../script/git-commit.ts'
import type { Seed } from '../../seed/graph/seed.ts'
import type { SeedGraph } from '../../seed/graph/seed-graph.ts'
import { noUndoReason, undoSeed } from '../../seed/run/carry-out.ts'
import { walkSeeds } from '../../seed/run/run-seeds.ts'
import type { LoadedSeed } from '../../seed/run/seed-run.ts'
import { readSeedRecords, type StoredSeed } from '../../seed/run/seed-table.ts'
import { type ConsentOptions, isAgreed, nameOf } from '../consent.ts'
import type { CommandContext } from '../context.ts'
import { checkedReason } from '../reason.ts'
import { lockTimeoutOf } from '../run-plan.ts'
import { type LimitOptions, wantedLimits } from '../wanted-limits.ts'
import { fillersIn, loadSeeds, readSeedProject, type SeedProject } from './seed-project.ts'
import type { SeedWriteOptions } from './seed-selection.ts'

/** What is asked before rows are removed. */
export interface Removal {
  readonly database: string
  readonly seeds: readonly string[]
}

export interface SeedCleanOptions extends SeedWriteOptions, LimitOptions, ConsentOptions<Removal> {}

export interface SeedUndoOptions extends SeedCleanOptions {
  /** Names of seeds, and tags as `tag:NAME`; names or scenarios must be given. */
  readonly names?: readonly string[]
  readonly scenarios?: readonly string[]
}

/** One seed that was taken back. */
export interface UndoneSeed {
  readonly seed: string
  readonly message: string
  /** Absolute; undefined for a seed that a program handed in without a path, and for one whose file is gone. */
  readonly file: string | undefined
  /** `undo` by its own function, `keys` by the keys of what it inserted. */
  readonly by: 'undo' | 'keys'
  readonly statements: number
  /** Rows that the statements removed or changed. */
  readonly rows: number
  readonly ms: number
}

export interface SeedUndoResult<C extends 'seed undo' | 'seed clean' = 'seed undo'> {
  readonly command: C
  readonly database: string
  /** Undefined when nothing was to be done. */
  readonly runId: string | undefined
  /** In the order in which it was done: what depends on others first. */
  readonly seeds: readonly UndoneSeed[]
}

/**
 * Takes seeds back: by their `undo`, else by the keys of the rows that they inserted, children before parents. Those that
 * never ran are left out. Throws REV_SEED_NEEDED, REV_SEED_NO_UNDO, REV_SEED_UNCONFIRMED before anything is changed.
 */
export function seedUndo(context: CommandContext, options: SeedUndoOptions): Promise<SeedUndoResult> {
  const { names = [], scenarios = [] } = options
  if (names.length + scenarios.length === 0) {
    const example = 'rev seed undo --scenario power-user'
    throw new RevError('REV_USAGE_MISSING_ARGUMENT', {
      command: 'seed undo',
      argument: 'a seed or a scenario',
      example,
    })
  }
  return takeBack(context, 'seed undo', options, (graph, records) => [
    ...names.flatMap((name) => {
      if (name.startsWith('tag:')) return graph.ofTag(name.slice(4))
      const record = graph.has(name) ? undefined : records.get(name)
      return record === undefined ? graph.get(name) : goneSeed(record)
    }),
    ...scenarios.flatMap((name) => graph.ofScenario(name)),
  ])
}

/** Takes the seeds of all scenarios back. */
export function seedClean(
  context: CommandContext,
  options: SeedCleanOptions = {},
): Promise<SeedUndoResult<'seed clean'>> {
  return takeBack(context, 'seed clean', options, (graph) =>
    graph.seeds().filter(({ scenarios }) => scenarios.length > 0),
  )
}

type Records = ReadonlyMap<string, StoredSeed>

/** A seed whose file is gone, by what is recorded of it: the kept keys are all that is left to take it back by. */
function goneSeed({ seed }: StoredSeed): Seed {
  return {
    seed,
    mode: 'once',
    dependsOn: [],
    environments: undefined,
    tags: [],
    scenarios: [],
    message: '',
    file: undefined,
  }
}

async function takeBack<C extends 'seed undo' | 'seed clean'>(
  context: CommandContext,
  command: C,
  options: SeedCleanOptions,
  choose: (graph: SeedGraph, records: Records) => readonly Seed[],
): Promise<SeedUndoResult<C>> {
  const reason = checkedReason(options.reason)
  const timeoutMs = lockTimeoutOf(context, command, options)
  const limits = wantedLimits(options)
  const commit = findCheckedOutCommit(context.directory)
  const project = await readSeedProject(context)
  const { graph } = project
  const wanted = (records: Records): Seed[] => {
    const chosen = new Map(choose(graph, records).map((seed) => [seed.seed, seed]))
    const found = graph.seeds().filter(({ seed }) => chosen.has(seed) && records.has(seed))
    assertNotNeeded(graph, found, records)
    // Nobody knows any more what they depend on, but the last one can have depended on all others.
    const gone = [...chosen.values()].filter(({ seed }) => !graph.has(seed))
    const when = ({ seed }: Seed): string => records.get(seed)?.when ?? ''
    return [...gone.sort((one, other) => (when(one) < when(other) ? 1 : -1)), ...found.reverse()]
  }
  return withDatabase(context, { readOnly: false, isWorthCreating: () => false }, async (database) => {
    const about = { command, database: database.description.text }
    const first = wanted(await readSeedRecords(database))
    if (first.length === 0) return { ...about, runId: undefined, seeds: [] }
    await assertConfirmed(context, database, command, first, options)
    const facts = { gitCommit: await commit, reason }
    const fillersOf = fillersIn(project, database)
    const walk = { environment: context.environment, x: options.x ?? {}, facts, limits, fillersOf }
    return withRunLock(database, { what: command, lockTimeoutMs: timeoutMs }, async (locked, lock) => {
      const records = await readSeedRecords(locked)
      const seeds = await loadForUndo(locked, project, records, wanted(records))
      if (seeds.length === 0) return { ...about, runId: undefined, seeds: [] }
      const { runId, results } = await walkSeeds(locked, lock, { what: 'undo', seeds, each: undoSeed }, walk)
      return { ...about, runId, seeds: seeds.flatMap((loaded, index) => toUndone(loaded, results[index])) }
    })
  })
}

function assertNotNeeded(graph: SeedGraph, wanted: readonly Seed[], records: Records): void {
  const going = new Set(wanted.map(({ seed }) => seed))
  const needed = wanted.flatMap(({ seed }) => {
    const neededBy = [...graph.dependentsOf(seed)].filter((name) => records.has(name) && !going.has(name))
    return neededBy.length === 0 ? [] : { seed, neededBy }
  })
  if (needed.length > 0) throw new RevError('REV_SEED_NEEDED', { seeds: needed })
}

async function assertConfirmed(
  { settings }: CommandContext,
  { description }: Database,
  command: string,
  wanted: readonly Seed[],
  options: SeedCleanOptions,
): Promise<void> {
  const seeds = wanted.map(({ seed }) => seed)
  if (await isAgreed(settings, description, options, { database: description.text, seeds })) return
  const details = { command, database: nameOf(description), isProtected: settings.protected, seeds }
  throw new RevError('REV_SEED_UNCONFIRMED', details)
}

async function loadForUndo(
  database: Database,
  project: SeedProject,
  records: Records,
  wanted: readonly Seed[],
): Promise<LoadedSeed[]> {
  const loaded = await loadSeeds(
    project,
    records,
    wanted.map((seed) => ({ seed, why: 'undo' })),
  )
  const refused: { seed: string; file: string | undefined; reason: string }[] = []
  for (const each of loaded) {
    const reason = await noUndoReason(database, each)
    if (reason !== undefined) refused.push({ seed: each.seed.seed, file: each.seed.file, reason })
  }
  if (refused.length > 0) throw new RevError('REV_SEED_NO_UNDO', { seeds: refused })
  // Without a function of the seed's own it is rev that removes, and that all or nothing.
  return loaded.map((each) =>
    each.module.undo === undefined ? { ...each, module: { ...each.module, transaction: true } } : each,
  )
}

function toUndone(loaded: LoadedSeed, work: Awaited<ReturnType<typeof undoSeed>> | undefined): UndoneSeed[] {
  if (work === undefined) return []
  const { seed, message, file } = loaded.seed
  const { statements, rows, ms } = work
  return [{ seed, message, file, by: loaded.module.undo === undefined ? 'keys' : 'undo', statements, rows, ms }]
}
