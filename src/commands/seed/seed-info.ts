import type { Seed, SeedMode } from '../../seed/graph/seed.ts'
import { markOf, type SeedState, stateOf } from '../../seed/graph/seed-state.ts'
import type { StoredSeed } from '../../seed/run/seed-table.ts'
import type { CommandContext } from '../context.ts'
import { placeOf, type SeedProject } from './seed-project.ts'

/** One seed, as its file and the database know it. */
export interface SeedInfo {
  readonly seed: string
  readonly message: string
  /** Absolute; undefined for a seed that a program handed in without a path. */
  readonly file: string | undefined
  readonly mode: SeedMode
  readonly state: SeedState
  readonly dependsOn: readonly string[]
  /** Undefined for everywhere. */
  readonly environments: readonly string[] | undefined
  readonly tags: readonly string[]
  readonly scenarios: readonly string[]
  /** Undefined when it never ran here. */
  readonly last: SeedLast | undefined
}

/** The last time that a seed ran. */
export interface SeedLast {
  /** ISO text, UTC. */
  readonly when: string
  /** `done`, `unfinished`, `scripted`: by a script, or `stamped`: recorded and not run. */
  readonly state: StoredSeed['state']
  readonly ms: number | undefined
  readonly rows: number | undefined
}

/** How every seed of the files stands, in the order in which they run. */
export function seedInfos(
  context: CommandContext,
  project: SeedProject,
  records: ReadonlyMap<string, StoredSeed>,
): SeedInfo[] {
  const { environment, settings } = context
  const place = placeOf(context, project, records)
  return project.graph.seeds().map((seed) => {
    const record = records.get(seed.seed)
    // What may never run here is nothing that is waiting to be run.
    const isBarred = settings.protected && record === undefined && markOf(seed) !== undefined
    const state = isBarred ? 'elsewhere' : stateOf(seed, { ...place.factsOf(seed), environment })
    return toInfo(seed, state, record)
  })
}

/** What is recorded of seeds that no file knows any more. */
export function goneSeeds(project: SeedProject, records: ReadonlyMap<string, StoredSeed>): StoredSeed[] {
  return [...records.values()].filter(({ seed }) => !project.graph.has(seed))
}

export function toLast({ when, state, ms, rowsWritten }: StoredSeed): SeedLast {
  return { when, state, ms, rows: rowsWritten }
}

function toInfo(seed: Seed, state: SeedState, record: StoredSeed | undefined): SeedInfo {
  return { ...seed, state, last: record === undefined ? undefined : toLast(record) }
}
