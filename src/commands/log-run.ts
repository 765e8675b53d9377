import type { EventRecord } from '../database/read-events.ts'
import type { RevisionScripts } from '../script/revision-script.ts'

/** One revision in a run. Moments are ISO text in UTC with milliseconds, by the clock of the database. */
export interface LogEvent {
  readonly revision: string
  /** One line; undefined when no file knows the revision. */
  readonly message: string | undefined
  /** What was done: `upgrade`, `downgrade` or `stamp`. */
  readonly direction: string
  /** `done`, `failed` or `interrupted`. */
  readonly outcome: string
  /** The version rows before and after. */
  readonly before: readonly string[]
  readonly rows: readonly string[]
  readonly checksum: string | undefined
  readonly statements: number | undefined
  /** The number of the statement that failed, from 1. */
  readonly failedStatement: number | undefined
  readonly error: string | undefined
  readonly startedAt: string
  readonly finishedAt: string | undefined
  readonly ms: number | undefined
}

/** One run, with everything that it did. */
export interface LogRun {
  readonly runId: string
  /** What was run: `upgrade`, `downgrade` or `stamp`. */
  readonly direction: string
  /** `done`, `failed`, `interrupted`, or `unfinished`: it has begun, and the log knows no end. */
  readonly outcome: string
  readonly startedAt: string
  /** Undefined for one that is not finished, and for one that was cut off: then nobody saw its end. */
  readonly finishedAt: string | undefined
  readonly ms: number | undefined
  /** The version rows before it. */
  readonly before: readonly string[]
  /** The version rows after it; undefined for one that is not finished. */
  readonly rows: readonly string[] | undefined
  readonly error: string | undefined
  readonly reason: string | undefined
  /** Whether a script that was written with `--sql` did it. */
  readonly byScript: boolean
  readonly databaseUser: string | undefined
  readonly osUser: string | undefined
  readonly host: string | undefined
  readonly processId: number | undefined
  readonly toolVersion: string | undefined
  readonly gitCommit: string | undefined
  /** The revisions, in order. */
  readonly events: readonly LogEvent[]
}

export function isFinished({ outcome }: LogRun): boolean {
  return outcome !== 'unfinished'
}

/** Joins the rows of each run, which stand together. Without scripts no revision has a message. */
export function toRuns(records: readonly EventRecord[], scripts?: RevisionScripts): LogRun[] {
  const byRun = new Map<string, EventRecord[]>()
  for (const record of records) {
    const known = byRun.get(record.runId)
    if (known) known.push(record)
    else byRun.set(record.runId, [record])
  }
  return [...byRun].flatMap(([runId, events]) => {
    const [first] = events
    return first === undefined ? [] : [toRun(runId, first, events, scripts)]
  })
}

const ENDINGS = ['done', 'failed', 'interrupted']

function toRun(runId: string, first: EventRecord, records: readonly EventRecord[], scripts?: RevisionScripts): LogRun {
  const end = records.find(({ revision, outcome }) => revision === undefined && ENDINGS.includes(outcome))
  // Who finds a run that was cut off writes its end later, and without an error: that is no time at which it ended.
  const finishedAt = end?.outcome === 'interrupted' && end.error === undefined ? undefined : end?.finishedAt
  const { startedAt, osUser, host, processId } = first
  return {
    runId,
    direction: first.what,
    outcome: end?.outcome ?? 'unfinished',
    startedAt,
    finishedAt,
    ms: finishedAt === undefined ? undefined : msBetween(startedAt, finishedAt),
    before: first.rowsBefore,
    rows: end?.rowsAfter,
    error: end?.error,
    reason: first.reason,
    byScript: osUser === undefined && host === undefined && processId === undefined,
    databaseUser: first.databaseUser,
    osUser,
    host,
    processId,
    toolVersion: first.toolVersion,
    gitCommit: first.gitCommit,
    events: records.flatMap((record) => toEvent(record, scripts)),
  }
}

function toEvent(record: EventRecord, scripts?: RevisionScripts): LogEvent[] {
  const { revision, what, outcome, rowsBefore, rowsAfter, milliseconds } = record
  const { checksum, statements, failedStatement, error, startedAt, finishedAt } = record
  if (revision === undefined) return []
  return [
    {
      revision,
      message: scripts?.graph.has(revision) ? scripts.get(revision).revision.message : undefined,
      direction: what,
      outcome,
      before: rowsBefore,
      rows: rowsAfter,
      checksum,
      statements,
      failedStatement,
      error,
      startedAt,
      finishedAt,
      ms: milliseconds,
    },
  ]
}

// Two readings of a clock that may have been set back in between.
function msBetween(start: string, end: string): number | undefined {
  const ms = Date.parse(end) - Date.parse(start)
  return Number.isNaN(ms) || ms < 0 ? undefined : ms
}
