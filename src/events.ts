import type { Direction } from './graph/plan-types.ts'

/** What rev tells while it works. Nothing below the command line prints; a `Reporter` hears these instead. */
export type RevEvent =
  /** Something that the user should know and that is not an error. `code` is stable: `REV_NOTICE_...`. */
  | { readonly type: 'notice'; readonly code: string; readonly message: string }
  /** A command that goes through several databases comes to the next; what follows is about that one. `index` begins at 0. */
  | { readonly type: 'database:start'; readonly database: string; readonly index: number; readonly total: number }
  /** Somebody else holds the lock; told again while it lasts. */
  | { readonly type: 'lock:wait'; readonly holder: string | undefined; readonly waitedMs: number }
  /** The lock is held from here to the end of the run; there is none for a run with nothing to do. */
  | { readonly type: 'lock:taken'; readonly waitedMs: number }
  /** All revisions of the run are loaded, and none has begun. */
  | {
      readonly type: 'run:start'
      readonly runId: string
      readonly direction: Direction
      readonly steps: number
      readonly database: string
    }
  /** Each step has one of these, and then either `step:done` or `step:failed`, which ends the run. */
  | ({ readonly type: 'step:start' } & StepEvent)
  | ({
      readonly type: 'step:done'
      readonly ms: number
      readonly statements: number
      readonly rows: readonly string[]
    } & StepEvent)
  | ({
      readonly type: 'step:failed'
      readonly ms: number
      readonly statements: number
      readonly error: Error
    } & StepEvent)
  /** One statement that reached the database; `sql` holds placeholders, never values. */
  | {
      readonly type: 'statement'
      readonly revision: string | undefined
      readonly sql: string
      readonly bindings: number
      readonly ms: number
      /** Rows that it inserted, changed or removed; missing when it failed. */
      readonly changed?: number
      readonly error?: string
    }
  /**
   * A lock was not to be had, or a deadlock was ended, and nothing is left of the attempt: after `pauseMs` the statement is
   * sent, or the whole revision run, again. The first attempt has the number 1; `attempts` are made at most.
   */
  | {
      readonly type: 'retry'
      readonly what: 'statement' | 'revision'
      readonly revision: string
      /** The statement that failed, with placeholders; undefined when it was not a statement of the revision. */
      readonly sql: string | undefined
      /** The driver's words. */
      readonly reason: string
      /** Other sessions that hold locks there, in words; empty where the server does not tell. */
      readonly blockers: readonly string[]
      readonly attempt: number
      readonly attempts: number
      readonly pauseMs: number
    }
  /** How far `context.inBatches` of a revision is: told after each batch, which is committed where each is a transaction. */
  | {
      readonly type: 'batch:done'
      readonly revision: string
      /** What the batches are called: the table, when they have no name. */
      readonly name: string
      /** Of these batches, from 1; those of earlier runs included, as in `rows`. */
      readonly batch: number
      readonly rows: number
      /** How many there are, as far as known at the beginning. */
      readonly total: number | undefined
      /** Since the first batch of this run began. */
      readonly ms: number
    }
  /** A run of seeds, as `run:start` and `run:done` for revisions. */
  | {
      readonly type: 'seeds:start'
      readonly runId: string
      readonly what: 'run' | 'undo'
      readonly seeds: number
      readonly database: string
    }
  | ({ readonly type: 'seed:start' } & SeedEvent)
  | ({
      readonly type: 'seed:done'
      readonly ms: number
      readonly statements: number
      readonly rows: number
    } & SeedEvent)
  | ({
      readonly type: 'seed:failed'
      readonly ms: number
      readonly statements: number
      readonly error: Error
    } & SeedEvent)
  /** How far `context.inBatches` of a seed is: told after each batch. */
  | { readonly type: 'seed:progress'; readonly seed: string; readonly items: number; readonly ms: number }
  | { readonly type: 'seeds:done'; readonly runId: string; readonly ms: number }
  /** `context.log(...)` of a revision or a seed. */
  | { readonly type: 'log'; readonly revision: string; readonly text: string }
  /** Every step is committed, and the rows were read back. */
  | { readonly type: 'run:done'; readonly runId: string; readonly ms: number; readonly rows: readonly string[] }

/** Which step of a run an event is about. */
export interface StepEvent {
  readonly direction: Direction
  readonly revision: string
  readonly message: string
  readonly file: string | undefined
  /** 1 for the first step of the run. */
  readonly index: number
  readonly total: number
}

/** Which seed of a run an event is about. */
export interface SeedEvent {
  readonly what: 'run' | 'undo'
  readonly seed: string
  readonly message: string
  readonly file: string | undefined
  /** 1 for the first seed of the run. */
  readonly index: number
  readonly total: number
}

/** Hears the events of a run, in order, as they happen. What it throws is ignored. */
export type Reporter = (event: RevEvent) => void

/** Hears everything and does nothing with it. */
export const silentReporter: Reporter = () => {}
