import { type Database, withDatabase } from '../database/database.ts'
import { type LockState, lookAtLock } from '../database/lock/look-at-lock.ts'
import { type EventFilter, type EventRecord, findLoggedRevisions, readEvents } from '../database/read-events.ts'
import { isRevError, RevError } from '../errors/index.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'
import { knownRows } from './known-rows.ts'
import { isFinished, type LogRun, toRuns } from './log-run.ts'
import { logWindow } from './log-window.ts'

/** Which part of the log. */
export interface LogOptions {
  /** Runs that touched this revision: any target that names revisions, or an id that only the log knows. */
  readonly revision?: string
  /** The id of a run, or its beginning. */
  readonly run?: string
  /** Runs that began then or later: ISO text, a day or a moment, in UTC unless it says otherwise; or a `Date`. */
  readonly since?: string | Date
  /** Runs that began then or before; a day means all of it. */
  readonly until?: string | Date
  /** How many runs, the newest first; 0 for all. Default 20. */
  readonly limit?: number
}

/** What was done on a database, as its event table tells it. */
export interface LogResult {
  readonly command: 'log'
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** The event table. */
  readonly table: string
  /** False when there is no event table, or none that this connection may see. */
  readonly exists: boolean
  /** Newest first. */
  readonly runs: readonly LogRun[]
  /** Whether there are more runs that fit than `limit` let through. */
  readonly more: boolean
  /** What the server said of the lock; undefined when every run has its end, and where it cannot be known. */
  readonly lock: LockState | undefined
}

const RUNS_SHOWN = 20

/**
 * What was done on the database, newest run first. Creates nothing, and works on any database: one without the table, and
 * one that is ahead of the files. Throws REV_USAGE_INVALID_VALUE, REV_GRAPH_* for a target that neither the files nor the
 * log know, and REV_DATABASE_EVENT_TABLE.
 */
export async function log(context: CommandContext, options: LogOptions = {}): Promise<LogResult> {
  const { limit = RUNS_SHOWN } = options
  const filter = filterOf(options, limit)
  const scripts = await context.scripts()
  return withDatabase(context, { readOnly: true }, async (database) => {
    const revisions = await namedRevisions(database, scripts, options.revision)
    const records = await readEvents(database, { ...filter, ...(revisions === undefined ? {} : { revisions }) })
    const found = toRuns(records ?? [], scripts)
    const shown = limit === 0 ? found : found.slice(0, limit)
    const { runs, lock } = await settleOpenRuns(database, scripts, shown)
    return {
      command: 'log',
      database: database.description.text,
      table: database.tables.event.text,
      exists: records !== undefined,
      runs,
      more: found.length > shown.length,
      lock,
    }
  })
}

function filterOf({ run, since, until }: LogOptions, limit: number): EventFilter {
  if (!Number.isSafeInteger(limit) || limit < 0) {
    const expected = 'a number of runs, or 0 for all'
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: 'limit', value: String(limit), expected })
  }
  if (run !== undefined && !/^[\da-f][\da-f-]*$/i.test(run)) {
    const expected = 'the id of a run or its beginning, as rev log shows it'
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: 'run', value: run, expected })
  }
  // One more than wanted tells whether there are more.
  return { run, ...logWindow(since, until), ...(limit === 0 ? {} : { limit: limit + 1 }) }
}

/** The ids that a target means here: the files decide, except for an id that is written in full in the log alone. */
async function namedRevisions(
  database: Database,
  scripts: RevisionScripts,
  target: string | undefined,
): Promise<readonly string[] | undefined> {
  if (target === undefined || scripts.graph.has(target)) return target === undefined ? undefined : [target]
  const logged = await findLoggedRevisions(database, target)
  if (logged.includes(target)) return [target]
  if (target === 'current') return (await database.readRows()).rows
  try {
    if (!/(^|@)current([+-]\d+)?$/.test(target)) return scripts.graph.resolve(target)
    const { rows } = await database.readRows()
    return scripts.graph.resolve(target, knownRows(database, scripts, rows))
  } catch (error) {
    if (!isRevError(error, 'REV_GRAPH_UNKNOWN_REVISION') || logged.length === 0) throw error
    if (logged.length === 1) return logged
    const candidates = logged.map((revision) => ({ revision, file: undefined }))
    throw new RevError('REV_GRAPH_AMBIGUOUS_PREFIX', { target, prefix: target, candidates }, { cause: error })
  }
}

/**
 * Asks for the lock when a run has no end, and then reads that run again: it may have ended between the first reading and
 * the question, and a lock that is free would make it look cut off.
 */
async function settleOpenRuns(
  database: Database,
  scripts: RevisionScripts,
  runs: readonly LogRun[],
): Promise<{ runs: readonly LogRun[]; lock: LockState | undefined }> {
  if (runs.every(isFinished)) return { runs, lock: undefined }
  const state = await lookAtLock(database)
  const settled: LogRun[] = []
  for (const run of runs) settled.push(isFinished(run) ? run : await readAgain(database, scripts, run))
  return { runs: settled, lock: settled.every(isFinished) ? undefined : state }
}

async function readAgain(database: Database, scripts: RevisionScripts, run: LogRun): Promise<LogRun> {
  const records: readonly EventRecord[] = (await readEvents(database, { run: run.runId })) ?? []
  return toRuns(records, scripts)[0] ?? run
}
