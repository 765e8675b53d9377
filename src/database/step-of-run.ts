import type { EventEntry, EventLog } from './event-log.ts'
import type { Continuation } from './journal/open-journal.ts'
import type { RunLimits } from './limits/run-limits.ts'
import type { LoadedStep } from './load-steps.ts'
import type { RunLock } from './lock/take-lock.ts'
import type { Database } from './open-database.ts'
import type { RunOptions } from './run-result.ts'

/** One step in its run. */
export interface StepOfRun {
  readonly database: Database
  readonly options: RunOptions
  readonly lock: Pick<RunLock, 'watch' | 'proveOwned' | 'assertHeld'>
  readonly log: EventLog
  readonly runId: string
  readonly limits: RunLimits
  readonly step: LoadedStep
  /** What of the step is in the database already; undefined for one that begins. */
  readonly continuation: Continuation | undefined
  readonly steps: readonly LoadedStep[]
  /** From 0. */
  readonly index: number
  /** The version rows before the step. */
  readonly before: readonly string[]
  /** Written with the last step, in its transaction, so that a finished run never looks like one that was cut off. */
  readonly ending: EventEntry | undefined
}
