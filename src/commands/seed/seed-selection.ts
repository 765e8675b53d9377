import type { SeedSelection } from '../../seed/graph/plan-seeds.ts'

/** Which seeds are meant. */
export interface SeedSelectionOptions {
  /** Names of seeds, and tags as `tag:NAME`. Default: all seeds that belong to no scenario. */
  readonly names?: readonly string[]
  /** The seeds of these scenarios. Default none. */
  readonly scenarios?: readonly string[]
  /** Exactly these seeds, without those that they depend on. Default false. */
  readonly only?: boolean
  /** Run what is done, too. Default false. */
  readonly force?: boolean
}

export function selectionOf({ names = [], scenarios = [], only, force }: SeedSelectionOptions): SeedSelection {
  return { names, scenarios, only: only ?? false, force: force ?? false }
}

/** What every command on seeds that writes understands. */
export interface SeedWriteOptions {
  /** The `-x key=value` arguments for the seeds. Default none. */
  readonly x?: Readonly<Record<string, string>>
  /** Why, in the user's words, for every event of the run. Default none. */
  readonly reason?: string
  /** How long to wait for the lock: milliseconds, or text such as `60s`. Default: the setting. */
  readonly lockTimeout?: number | string
  /** Wait for the lock as long as it takes; not together with `lockTimeout`. Default false. */
  readonly wait?: boolean
}
