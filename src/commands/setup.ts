import { type Created, createDatabase } from '../database/life/create-database.ts'
import type { RunResult } from '../database/run.ts'
import type { CommandContext } from './context.ts'
import { type SeedRunResult, seedRun } from './seed/run.ts'
import { hasSeeds, readSeedProject } from './seed/seed-project.ts'
import type { SeedWriteOptions } from './seed/seed-selection.ts'
import { upgrade } from './upgrade.ts'

export interface SetupOptions extends SeedWriteOptions {
  /** How far up. Default `head`. */
  readonly target?: string | readonly string[]
  /** Whether seeds run. Default true. */
  readonly seed?: boolean
}

/** Why no seeds ran: it was asked for, the environment is protected, or there is no folder of seeds. */
export type NoSeeds = 'no-seed' | 'protected' | 'no-folder'

/** What brought a database up. */
export interface SetupParts extends Created {
  /** What the upgrade did; no steps when there was nothing to do. */
  readonly upgrade: Pick<RunResult, 'runId' | 'before' | 'rows' | 'steps'>
  /** What the seeds did; undefined when none were to run. */
  readonly seed: Pick<SeedRunResult, 'runId' | 'seeds' | 'left'> | undefined
  /** Why there is no `seed`. */
  readonly noSeeds: NoSeeds | undefined
}

export interface SetupResult extends SetupParts {
  readonly command: 'setup'
}

/**
 * Creates the database when it is missing, upgrades it, and runs its seeds; what is done already is left as it is. In a
 * protected environment no seeds run: there they have to be named. Throws what `db create`, `upgrade` and `seed run` throw.
 */
export async function setup(context: CommandContext, options: SetupOptions = {}): Promise<SetupResult> {
  return { command: 'setup', ...(await bringUp(context, options)) }
}

/** The same, for a command that does more. */
export async function bringUp(context: CommandContext, options: SetupOptions): Promise<SetupParts> {
  const { target = 'head', seed: wantsSeeds = true, ...run } = options
  await assertUsable(context, options)
  const created = await createDatabase(context)
  const { runId, before, rows, steps } = await upgrade(context, { ...run, target })
  const noSeeds = wantsSeeds ? whyNoSeeds(context) : 'no-seed'
  const seed = noSeeds === undefined ? await seeds(context, run) : undefined
  return { ...created, upgrade: { runId, before, rows, steps }, seed, noSeeds }
}

/** Reads revisions and seeds before anything is created or dropped. Throws REV_GRAPH_* and REV_SEED_INVALID. */
export async function assertUsable(
  context: CommandContext,
  { target = 'head', seed = true }: SetupOptions,
): Promise<void> {
  const { graph } = await context.scripts()
  graph.planUpgrade([], typeof target === 'string' ? [target] : target)
  if (seed && whyNoSeeds(context) === undefined) await readSeedProject({ ...context, report: () => {} })
}

function whyNoSeeds(context: CommandContext): NoSeeds | undefined {
  if (context.settings.protected) return 'protected'
  return hasSeeds(context) ? undefined : 'no-folder'
}

async function seeds(context: CommandContext, options: SeedWriteOptions): Promise<SetupParts['seed']> {
  const { runId, seeds: ran, left } = await seedRun(context, options)
  return { runId, seeds: ran, left }
}
