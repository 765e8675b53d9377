import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import { renderScript } from '../../offline/render-script.ts'
import type { SeedInScript } from '../../offline/script-parts.ts'
import { planSeeds } from '../../seed/graph/plan-seeds.ts'
import { scriptedSeed } from '../../seed/run/script-seed.ts'
import type { CommandContext } from '../context.ts'
import { checkedReason } from '../reason.ts'
import type { SqlOptions, SqlResult } from '../sql.ts'
import { type LimitOptions, wantedLimits } from '../wanted-limits.ts'
import { placeOf, readSeedProject } from './seed-project.ts'
import { type SeedSelectionOptions, selectionOf } from './seed-selection.ts'

/** Which seeds to write down, and where the text goes. */
export interface SeedSqlOptions
  extends SeedSelectionOptions,
    LimitOptions,
    Pick<SqlOptions, 'x' | 'reason' | 'sqlClient' | 'guard' | 'name' | 'shadowUrl' | 'write'> {}

/**
 * Writes seeds as a script for a database at the heads, as if none of them had run: one that runs once stops the script
 * where it has. Connects to nothing. A seed that reads rows is refused. Throws REV_SEED_* and REV_OFFLINE_* errors.
 */
export async function seedSql(context: CommandContext, options: SeedSqlOptions): Promise<SqlResult> {
  const { names: _, scenarios: __, only: ___, force: ____, x = {}, ...rest } = options
  const { shadowUrl = context.settings.shadowUrl, write } = options
  const reason = checkedReason(options.reason)
  const knexConfig: Knex.Config | undefined = context.knexConfig ?? context.knex?.client.config
  if (knexConfig === undefined) throw new RevError('REV_DATABASE_NOT_CONFIGURED', {})
  const project = await readSeedProject(context)
  const { run } = planSeeds(project.graph, selectionOf(options), placeOf(context, project, new Map()))
  const scripts = await context.scripts()
  const { rows: startRows } = scripts.graph.planUpgrade([], 'heads')
  const seeds = new Map(
    run.map(({ seed }): [string, SeedInScript] => {
      const script = project.script(seed)
      const { environment } = context
      const checksum = script.checksum()
      return [
        seed.seed,
        {
          file: seed.file,
          message: seed.message,
          checksum,
          load: async (tables, dialect) =>
            scriptedSeed({ seed, checksum, module: await script.load(), environment, tables, dialect }),
        },
      ]
    }),
  )
  const steps = run.map(({ seed }) => ({ direction: 'seed' as const, revision: seed.seed, rows: startRows }))
  const { dialect, rows, files } = await renderScript({
    ...rest,
    write,
    direction: 'seed',
    plan: { steps, rows: startRows },
    seeds,
    startRows,
    scripts,
    knexConfig,
    projectDirectory: context.directory,
    settings: { ...context.settings, ...wantedLimits(options) },
    x,
    tag: undefined,
    reason,
    signal: context.signal,
    report: context.report,
    shadowUrl,
  })
  return {
    command: 'sql',
    direction: 'seed',
    dialect,
    from: startRows,
    rows,
    steps: run.length,
    files,
    stopsBefore: undefined,
  }
}
