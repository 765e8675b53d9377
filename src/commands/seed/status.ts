import { withDatabase } from '../../database/database.ts'
import type { Seed } from '../../seed/graph/seed.ts'
import { type SeedState, stateOf } from '../../seed/graph/seed-state.ts'
import { readSeedRecords, type StoredSeed } from '../../seed/run/seed-table.ts'
import type { CommandContext } from '../context.ts'
import { placeOf, readSeedProject } from './seed-project.ts'
import { tellReverted } from './tell-reverted.ts'

/** One seed, as its file and the database know it. */
export interface SeedInfo {
  readonly seed: string
  readonly message: string
  readonly file: string
  readonly mode: 'once' | 'onchange' | 'always'
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

export interface SeedStatusResult {
  readonly command: 'seed status'
  readonly database: string
  readonly environment: string | undefined
  readonly protected: boolean
  /** In the order in which they run. */
  readonly seeds: readonly SeedInfo[]
  /** Seeds that ran and that no file knows any more. */
  readonly gone: readonly ({ readonly seed: string } & SeedLast)[]
}

/** How every seed stands in the database. Creates nothing. */
export async function seedStatus(context: CommandContext): Promise<SeedStatusResult> {
  const project = await readSeedProject(context)
  return withDatabase(context, { readOnly: true }, async (database) => {
    const records = await readSeedRecords(database)
    const place = placeOf(context, project, records)
    const { environment, settings } = context
    const { graph } = project
    const infos = graph
      .seeds()
      .map((seed) => toInfo(seed, stateOf(seed, { ...place.factsOf(seed), environment }), records.get(seed.seed)))
    const done = infos.flatMap(({ seed, state }) => (state === 'done' ? graph.get(seed) : []))
    await tellReverted(database, graph, done, records)
    return {
      command: 'seed status',
      database: database.description.text,
      environment,
      protected: settings.protected,
      seeds: infos,
      gone: [...records.values()]
        .filter(({ seed }) => !project.graph.has(seed))
        .map((record) => ({ seed: record.seed, ...toLast(record) })),
    }
  })
}

function toInfo(seed: Seed, state: SeedState, record: StoredSeed | undefined): SeedInfo {
  return { ...seed, state, last: record === undefined ? undefined : toLast(record) }
}

function toLast({ when, state, ms, rowsWritten }: StoredSeed): SeedLast {
  return { when, state, ms, rows: rowsWritten }
}
