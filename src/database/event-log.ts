import { hostname, userInfo } from 'node:os'
import { isRevError } from '../errors/index.ts'
import type { Direction } from '../graph/plan-types.ts'
import { packageVersion } from '../script/package-version.ts'
import { eventRows } from './event-rows.ts'
import { eventClock, eventTableDdl } from './event-table-ddl.ts'
import type { Database } from './open-database.ts'
import { driverMessage } from './pin.ts'
import { ensureTable } from './version-table.ts'

/** What somebody said of a revision by `rev repair`. */
export type RepairWord = 'repair:applied' | 'repair:reverted' | 'repair:accept-edit' | 'repair:forget'

/** What an event tells of: a move of revisions, or of seeds. */
export type EventKind = Direction | RepairWord | 'seed' | 'seed undo' | 'seed stamp'

/** What is written about one step, or about the run as a whole when it names no revision. */
export interface EventEntry {
  readonly what: EventKind
  /** The id of a revision, or the name of a seed. */
  readonly revision?: string | undefined
  readonly outcome: 'started' | 'done' | 'failed' | 'interrupted'
  readonly rowsBefore: readonly string[]
  readonly rowsAfter: readonly string[]
  readonly checksum?: string | undefined
  readonly statements?: number | undefined
  readonly failedStatement?: number | undefined
  readonly error?: unknown
  readonly milliseconds?: number | undefined
}

/** Facts about a run that only its caller knows. */
export interface RunFacts {
  readonly gitCommit?: string | undefined
  /** Why, in the user's words. */
  readonly reason?: string | undefined
}

/** The append-only history of one run: what happened, never what is true; deleting it loses history only. */
export interface EventLog {
  write(entry: EventEntry): Promise<void>
  /** The same for endings: a log that cannot be written must not hide the error that is being told. */
  writeQuietly(entry: EventEntry): Promise<void>
}

const LONGEST_ERROR = 4_000

// A run is over when a row of it names no revision and has one of these outcomes.
const ENDED = "('done', 'failed', 'interrupted')"

/** Creates the event table when it is missing, and closes what a run that never ended left open. Call it under the lock. */
export async function openEventLog(database: Database, runId: string, facts: RunFacts): Promise<EventLog> {
  const { event } = database.tables
  await ensureTable(database, event, eventTableDdl(database.dialect, event))
  await closeOpenRuns(database)
  let seq = 0
  const write = (entry: EventEntry): Promise<void> => {
    seq += 1
    return insertEvent(database, { ...facts, ...entry, runId, seq })
  }
  return { write, writeQuietly: (entry) => write(entry).catch(() => undefined) }
}

interface EventRow extends EventEntry, RunFacts {
  readonly runId: string
  readonly seq: number
}

async function insertEvent(
  { connection, tables, redactor, dialect, databaseUser }: Database,
  row: EventRow,
): Promise<void> {
  const now = eventClock(dialect)
  const values: readonly (readonly [string, unknown])[] = [
    ['run_id', row.runId],
    ['seq', row.seq],
    ['what', row.what],
    ['revision', row.revision],
    ['outcome', row.outcome],
    ['rows_before', eventRows(row.rowsBefore)],
    ['rows_after', eventRows(row.rowsAfter)],
    ['checksum', row.checksum],
    ['statements', row.statements],
    ['failed_statement', row.failedStatement],
    ['error', row.error === undefined ? undefined : redactor.text(errorText(row.error)).slice(0, LONGEST_ERROR)],
    ['milliseconds', row.milliseconds],
    ['database_user', databaseUser],
    ['os_user', osUser()],
    ['host', hostname().slice(0, 255)],
    ['process_id', process.pid],
    ['tool_version', packageVersion()],
    ['git_commit', row.gitCommit],
    ['reason', row.reason === undefined ? undefined : redactor.text(row.reason)],
  ]
  const names = [...values.map(([name]) => name), 'started_at', 'finished_at']
  const marks = [...values.map(() => '?'), startOf(row, now, dialect.name), row.outcome === 'started' ? 'null' : now]
  await connection.query(
    `insert into ${tables.event.sql} (${names.join(', ')}) values (${marks.join(', ')})`,
    values.map(([, value]) => value ?? null),
  )
}

function errorText(error: unknown): string {
  if (isRevError(error, 'REV_STEP_FAILED') || isRevError(error, 'REV_SEED_FAILED')) return error.details.driverMessage
  return isRevError(error) ? error.message : driverMessage(error)
}

// The start of a step is the end less what it took: two readings of the clock would be two round trips.
function startOf({ milliseconds }: EventRow, now: string, dialect: string): string {
  if (milliseconds === undefined || milliseconds <= 0) return now
  const ms = Math.round(milliseconds)
  if (dialect === 'postgresql') return `${now} - interval '${ms} milliseconds'`
  if (dialect === 'mysql') return `${now} - interval ${ms * 1000} microsecond`
  if (dialect === 'sqlite') return `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${(ms / 1000).toFixed(3)} seconds')`
  return now
}

// Who holds the lock knows that nobody else is running: a run without an end was cut off.
async function closeOpenRuns(database: Database): Promise<void> {
  for (const run of await findOpenRuns(database)) {
    const { rows } = await database.connection.query(
      `select max(seq) as seq from ${database.tables.event.sql} where run_id = ?`,
      [run.runId],
    )
    await insertEvent(database, {
      runId: run.runId,
      seq: Number(Object.values(rows[0] ?? {})[0]) + 1,
      what: run.what,
      outcome: 'interrupted',
      rowsBefore: run.rowsBefore,
      rowsAfter: (await database.readRows()).rows,
    })
  }
}

interface OpenRun {
  readonly runId: string
  readonly what: EventKind
  readonly rowsBefore: readonly string[]
}

async function findOpenRuns({ connection, tables }: Database): Promise<OpenRun[]> {
  const { rows } = await connection.query(
    `select e.run_id as run_id, e.what as what, e.rows_before as rows_before from ${tables.event.sql} e
     where e.revision is null and e.outcome = 'started' and not exists (
       select 1 from ${tables.event.sql} f where f.run_id = e.run_id and f.revision is null and f.outcome in ${ENDED})
     order by e.started_at`,
  )
  return rows.map((row) => ({
    runId: String(row.run_id),
    what: String(row.what) as EventKind,
    rowsBefore: typeof row.rows_before === 'string' ? row.rows_before.split(' ').filter((part) => part !== '') : [],
  }))
}

function osUser(): string | undefined {
  try {
    return userInfo().username
  } catch {
    // A container may run as a number without a name.
    return undefined
  }
}
