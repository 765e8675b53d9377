import { withDatabase } from '../../database/database.ts'
import { type PlannedSeed, planSeeds } from '../../seed/graph/plan-seeds.ts'
import { readSeedRecords } from '../../seed/run/seed-table.ts'
import type { CommandContext } from '../context.ts'
import type { SeedLeft } from './run.ts'
import { assertRevisionsApplied, placeOf, readSeedProject } from './seed-project.ts'
import { type SeedSelectionOptions, selectionOf } from './seed-selection.ts'

/** One seed that would run. */
export interface PlannedSeedInfo {
  readonly seed: string
  readonly message: string
  /** Absolute; undefined for a seed that a program handed in without a path. */
  readonly file: string | undefined
  readonly mode: 'once' | 'onchange' | 'always'
  readonly why: PlannedSeed['why']
}

export interface SeedPlanResult {
  readonly command: 'seed plan'
  readonly database: string
  readonly environment: string | undefined
  /** Those that would run, in order. */
  readonly seeds: readonly PlannedSeedInfo[]
  readonly left: readonly SeedLeft[]
}

/** What `seedRun` would do now, with its refusals; touches nothing and takes no lock. */
export async function seedPlan(context: CommandContext, options: SeedSelectionOptions = {}): Promise<SeedPlanResult> {
  const project = await readSeedProject(context)
  return withDatabase(context, { readOnly: true }, async (database) => {
    const place = placeOf(context, project, await readSeedRecords(database))
    const { run, left } = planSeeds(project.graph, selectionOf(options), place)
    assertRevisionsApplied(database, project, run, (await database.readRows()).rows)
    return {
      command: 'seed plan',
      database: database.description.text,
      environment: context.environment,
      seeds: run.map(({ seed: { seed, message, file, mode }, why }) => ({ seed, message, file, mode, why })),
      left: left.map(({ seed, why }) => ({ seed: seed.seed, file: seed.file, why })),
    }
  })
}
