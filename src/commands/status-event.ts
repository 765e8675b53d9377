import type { EventRecord } from '../database/read-events.ts'

/** What the log tells of the attempt that the state of a revision goes by. Moments are ISO text in UTC. */
export interface StatusEvent {
  readonly runId: string
  /** `upgrade` or `downgrade`, or what somebody said by `rev repair`: `repair:applied` or `repair:reverted`. */
  readonly direction: string
  /** `done`, `failed` or `interrupted`; `started` for one that was cut off before it could say how it went. */
  readonly outcome: string
  readonly startedAt: string
  /** Undefined for one that was cut off. */
  readonly finishedAt: string | undefined
  readonly ms: number | undefined
  readonly statements: number | undefined
  /** The number of the statement that failed, from 1. */
  readonly failedStatement: number | undefined
  readonly error: string | undefined
  readonly reason: string | undefined
  /** Whether a script that was written with `--sql` did it. */
  readonly byScript: boolean
  readonly databaseUser: string | undefined
  readonly osUser: string | undefined
  readonly host: string | undefined
  readonly toolVersion: string | undefined
  readonly gitCommit: string | undefined
}

export function toStatusEvent(record: EventRecord): StatusEvent {
  const { runId, what, outcome, startedAt, finishedAt, milliseconds, statements, failedStatement, error } = record
  const { reason, databaseUser, osUser, host, processId, toolVersion, gitCommit } = record
  return {
    runId,
    direction: what,
    outcome,
    startedAt,
    finishedAt,
    ms: milliseconds,
    statements,
    failedStatement,
    error,
    reason,
    byScript: osUser === undefined && host === undefined && processId === undefined,
    databaseUser,
    osUser,
    host,
    toolVersion,
    gitCommit,
  }
}
