import type { EventLog } from '../../database/event-log.ts'
import type { RunLimits } from '../../database/limits/run-limits.ts'
import type { RunLock } from '../../database/lock/take-lock.ts'
import type { Database } from '../../database/open-database.ts'
import type { SeedModule } from '../files/seed-module.ts'
import type { Seed } from '../graph/seed.ts'
import type { StoredSeed } from './seed-table.ts'

/** What is the same for all seeds of a run. */
export interface SeedRun {
  readonly database: Database
  readonly runId: string
  readonly what: 'run' | 'undo'
  readonly lock: Pick<RunLock, 'watch' | 'proveOwned' | 'assertHeld'>
  readonly log: EventLog
  /** The version rows, which seeds do not change. */
  readonly rows: readonly string[]
  readonly limits: RunLimits
  /** The seeds that say they fill a table, without this one and those that depend on it. */
  fillersOf(table: string, seed: Seed): readonly string[]
  readonly environment: string | undefined
  readonly x: Readonly<Record<string, string>>
}

/** A seed with everything that is needed to carry it out. */
export interface LoadedSeed {
  readonly seed: Seed
  readonly why: string
  readonly checksum: string
  readonly module: SeedModule
  readonly record: StoredSeed | undefined
}
