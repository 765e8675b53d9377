import type { Direction, Plan } from '../graph/plan-types.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { RunFacts } from './event-log.ts'
import type { ContinueOptions } from './journal/continue-steps.ts'
import type { WantedLimits } from './limits/time-limit.ts'

/** What one run is to do. */
export interface RunOptions {
  readonly direction: Direction
  /** Makes the plan from the rows; called again under the lock, because what was read before it is not to be trusted. */
  plan(rows: readonly string[]): Plan
  readonly scripts: RevisionScripts
  /** What revisions see as `context.x`. */
  readonly x: Readonly<Record<string, string>>
  readonly tag: string | undefined
  /** One transaction around all steps; all or nothing. */
  readonly singleTransaction: boolean
  /** Infinity to wait for as long as it takes. */
  readonly lockTimeoutMs: number
  /** What this run says of the time limits of its revisions; default nothing. */
  readonly limits?: WantedLimits
  /** Let the first upgrade of a database with tables but no version table go on. */
  readonly allowNonEmpty: boolean
  /** The plan starts from no rows at all: rows that no file knows are let go. Default false. */
  readonly purge?: boolean
  /** What an upgrade does after a step of it failed: nothing, or downgrade what it has done. Default `stop`. */
  readonly onFailure?: 'stop' | 'downgrade'
  /** How the run stands to a step that an earlier one has left half way. Default: it goes on where that is surely right. */
  readonly journal?: ContinueOptions
  /**
   * Asked under the lock, when the modules are loaded and before anything is changed, whether these steps may run; throws
   * when not.
   */
  assertMayRun?(revisions: readonly string[]): Promise<void>
  /** For the event log. */
  readonly facts?: RunFacts
}

/** One step that was done; a step that fails is an error, never a result. */
export interface StepResult {
  readonly direction: Direction
  /** The whole id. */
  readonly revision: string
  /** One line; empty when the revision has none. */
  readonly message: string
  /** Absolute; undefined when the revisions were handed in as objects. */
  readonly file: string | undefined
  /** The version rows after it; empty at base. */
  readonly rows: readonly string[]
  /** Statements of the revision itself that reached the database, without rev's own; 0 for a stamp. */
  readonly statements: number
  /** How long it took in whole milliseconds, with its version rows and, where it has a transaction of its own, the commit. */
  readonly ms: number
}

/** What a run did. Without steps nothing was pending, no lock was taken and nothing was written. */
export interface RunResult {
  readonly runId: string
  /** The rows before it. */
  readonly before: readonly string[]
  /** The rows now, read back from the database. */
  readonly rows: readonly string[]
  readonly steps: readonly StepResult[]
}
