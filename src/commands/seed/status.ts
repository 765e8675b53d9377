import { withDatabase } from '../../database/database.ts'
import { readSeedRecords } from '../../seed/run/seed-table.ts'
import type { CommandContext } from '../context.ts'
import { goneSeeds, type SeedInfo, type SeedLast, seedInfos, toLast } from './seed-info.ts'
import { readSeedProject } from './seed-project.ts'
import { tellReverted } from './tell-reverted.ts'

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
    const { graph } = project
    const infos = seedInfos(context, project, records)
    const done = infos.flatMap(({ seed, state }) => (state === 'done' ? graph.get(seed) : []))
    await tellReverted(database, graph, done, records)
    return {
      command: 'seed status',
      database: database.description.text,
      environment: context.environment,
      protected: context.settings.protected,
      seeds: infos,
      gone: goneSeeds(project, records).map((record) => ({ seed: record.seed, ...toLast(record) })),
    }
  })
}
