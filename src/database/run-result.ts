import type { Direction, Plan } from '../graph/plan-types.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { RunFacts } from './event-log.ts'

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
  readonly lockTimeoutMs: number
  /** Let the first upgrade of a database with tables but no version table go on. */
  readonly allowNonEmpty: boolean
  /** The plan starts from no rows at all: rows that no file knows are let go. Default false. */
  readonly purge?: boolean
  /** For the event log. */
  readonly facts?: RunFacts
}

export interface StepResult {
  readonly direction: Direction
  readonly revision: string
  readonly message: string
  readonly file: string | undefined
  /** The version rows after it. */
  readonly rows: readonly string[]
  /** Statements of the revision that reached the database. */
  readonly statements: number
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
