import { RevError } from '../../errors/index.ts'
import type { Seed } from './seed.ts'
import type { SeedGraph } from './seed-graph.ts'
import { belongsHere, isPending, markOf, type PendingState, type SeedFacts, stateOf } from './seed-state.ts'

/** Which seeds are wanted; nothing means all that belong to no scenario. */
export interface SeedSelection {
  /** Names, and tags as `tag:NAME`. */
  readonly names: readonly string[]
  readonly scenarios: readonly string[]
  /** Exactly the named ones, without what they depend on. */
  readonly only: boolean
  /** Run what is done, too. */
  readonly force: boolean
}

/** Where seeds are to run. */
export interface SeedPlace {
  readonly environment: string | undefined
  readonly isProtected: boolean
  /** What is known of a seed there. */
  factsOf(seed: Seed): Omit<SeedFacts, 'environment'>
}

/** One seed of a plan: why it runs. */
export interface PlannedSeed {
  readonly seed: Seed
  readonly why: PendingState | 'forced'
}

/** One that was wanted and does not run. */
export interface LeftSeed {
  readonly seed: Seed
  readonly why: 'done' | 'edited' | 'elsewhere'
}

/** What would run, in order, and what would not. */
export interface SeedPlan {
  readonly run: readonly PlannedSeed[]
  readonly left: readonly LeftSeed[]
}

/**
 * What a run of these seeds comes to. Throws REV_SEED_UNKNOWN, REV_SEED_ENVIRONMENT for one that was asked for by name
 * and does not belong here, REV_SEED_ONLY_BLOCKED, and in a protected environment REV_SEED_NOT_NAMED and
 * REV_SEED_PROTECTED.
 */
export function planSeeds(graph: SeedGraph, selection: SeedSelection, place: SeedPlace): SeedPlan {
  const asked = askedFor(graph, selection)
  const isExplicit = selection.names.length + selection.scenarios.length > 0
  const decisions = new Map<string, PlannedSeed | LeftSeed>()
  // The seed that brought each of them in, when it was not asked for itself.
  const wanted = new Map<string, string | undefined>([...asked].map((name) => [name, undefined]))
  for (const [name, neededBy] of wanted) {
    const seed = graph.get(name)
    const isRefused = isExplicit && asked.has(name) && !belongsHere(seed, place.environment)
    const decision = decide(seed, selection.force && asked.has(name), place)
    if (isRefused || (decision.why === 'elsewhere' && neededBy !== undefined)) throw misplaced(seed, place, neededBy)
    decisions.set(name, decision)
    if (selection.only || !isToRun(decision)) continue
    // A Map goes on to what is added while it is walked through.
    for (const needed of graph.dependenciesOf(seed)) if (!wanted.has(needed.seed)) wanted.set(needed.seed, name)
  }
  const ordered = graph.seeds().flatMap(({ seed }) => decisions.get(seed) ?? [])
  const run = ordered.filter(isToRun)
  if (selection.only) assertNothingMissing(graph, run, place)
  if (place.isProtected) assertMayRun(selection, run, place)
  return { run, left: ordered.filter((decision): decision is LeftSeed => !isToRun(decision)) }
}

function decide(seed: Seed, isForced: boolean, place: SeedPlace): PlannedSeed | LeftSeed {
  const why = stateOf(seed, { ...place.factsOf(seed), environment: place.environment })
  if (isPending(why)) return { seed, why }
  return isForced && belongsHere(seed, place.environment) ? { seed, why: 'forced' } : { seed, why }
}

function isToRun(decision: PlannedSeed | LeftSeed): decision is PlannedSeed {
  return decision.why === 'forced' || isPending(decision.why)
}

/** The names of the seeds that were asked for. */
function askedFor(graph: SeedGraph, { names, scenarios }: SeedSelection): ReadonlySet<string> {
  const named = names.flatMap((name) => (name.startsWith('tag:') ? graph.ofTag(name.slice(4)) : graph.get(name)))
  const found = [...named, ...scenarios.flatMap((name) => graph.ofScenario(name))]
  const isAll = names.length + scenarios.length === 0
  const asked = isAll ? graph.seeds().filter((seed) => seed.scenarios.length === 0) : found
  return new Set(asked.map(({ seed }) => seed))
}

function misplaced(wanted: Seed, place: SeedPlace, neededBy: string | undefined): RevError {
  const { seed, file, environments = [] } = wanted
  const marked = markOf(wanted)
  // To name the environment as well would help it nothing.
  if (place.isProtected && marked !== undefined)
    return new RevError('REV_SEED_PROTECTED', { environment: place.environment, seeds: [{ seed, file, marked }] })
  return new RevError('REV_SEED_ENVIRONMENT', { seed, file, environments, environment: place.environment, neededBy })
}

function assertNothingMissing(graph: SeedGraph, run: readonly PlannedSeed[], place: SeedPlace): void {
  const coming = new Set(run.map(({ seed }) => seed.seed))
  for (const { seed } of run) {
    const needs = graph.dependenciesOf(seed).filter((needed) => {
      const { record } = place.factsOf(needed)
      return !coming.has(needed.seed) && (record === undefined || record.state === 'unfinished')
    })
    if (needs.length === 0) continue
    throw new RevError('REV_SEED_ONLY_BLOCKED', { seed: seed.seed, needs: needs.map((needed) => needed.seed) })
  }
}

function assertMayRun(selection: SeedSelection, run: readonly PlannedSeed[], { environment }: SeedPlace): void {
  const marked = run.flatMap(({ seed }) => {
    const mark = markOf(seed)
    return mark === undefined ? [] : [{ seed: seed.seed, file: seed.file, marked: mark }]
  })
  const unnamed = run.filter(({ seed }) => !selection.names.includes(seed.seed)).map(({ seed }) => seed.seed)
  if (selection.names.length === 0 || unnamed.length > 0) {
    const forbidden = new Set(marked.map(({ seed }) => seed))
    const names = run.map(({ seed }) => seed.seed).filter((name) => !forbidden.has(name))
    throw new RevError('REV_SEED_NOT_NAMED', { environment, seeds: unnamed, names })
  }
  if (marked.length > 0) throw new RevError('REV_SEED_PROTECTED', { environment, seeds: marked })
}
