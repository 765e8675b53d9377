import type { RevError } from '../../errors/index.ts'
import type { CapturedStack } from './call-site.ts'
import type { Level } from './transaction-levels.ts'

/** A statement that failed, as the report of the step needs it. */
export interface FailedStatement {
  readonly sql: string
  readonly stack: CapturedStack | undefined
  readonly message: string
  readonly position: number | undefined
}

/** What one step has done so far, and what it may still do. */
export interface StepState {
  /** `working`: the function runs; `closed`: it has returned; `ending`: only the end of rev's own transaction may pass. */
  phase: 'working' | 'closed' | 'ending'
  /** The step has failed: what its forgotten parts still wait for never comes, so that they cannot fail unheard. */
  abandoned: boolean
  /** The first thing that a revision may not do; it fails the step even when the error was caught. */
  violation: RevError | undefined
  /** The transaction that the function got; undefined without one. */
  root: Level | undefined
  statements: number
  /** Statements that were not sent, because an earlier attempt has done them for good. */
  skipped: number
  committedStatements: number
  implicitCommit: boolean
  /** The last statement that failed while the function went on. */
  lastFailed: FailedStatement | undefined
  /** Why the transaction of the step could not be begun; Knex calls its function all the same. */
  beginError: unknown
  /** Identifies the transaction, when a statement was met that might have replaced it. */
  mark: string | undefined
}

export function createStepState(): StepState {
  return {
    phase: 'working',
    abandoned: false,
    violation: undefined,
    root: undefined,
    statements: 0,
    skipped: 0,
    committedStatements: 0,
    implicitCommit: false,
    lastFailed: undefined,
    beginError: undefined,
    mark: undefined,
  }
}
