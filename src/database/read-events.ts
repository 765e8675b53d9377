import { RevError } from '../errors/index.ts'
import { findColumns, knowsColumns } from './catalogue.ts'
import { eventMoments, readMoment } from './event-moments.ts'
import type { Database } from './open-database.ts'

/** Which runs are wanted; what is not given leaves nothing out. */
export interface EventFilter {
  /** The id of a run, or its beginning: hex digits and hyphens only. */
  readonly run?: string | undefined
  /** Runs that touched one of these revisions. */
  readonly revisions?: readonly string[] | undefined
  /** Runs that began at this moment or later. */
  readonly since?: Date | undefined
  /** Runs that began at this moment or before. */
  readonly until?: Date | undefined
  /** How many runs, the newest first. Default all. */
  readonly limit?: number | undefined
}

/** One row of the event table as it is; moments are ISO text in UTC with milliseconds. */
export interface EventRecord {
  readonly runId: string
  readonly seq: number
  readonly what: string
  /** Undefined for the rows that begin and end a run. */
  readonly revision: string | undefined
  readonly outcome: string
  readonly rowsBefore: readonly string[]
  readonly rowsAfter: readonly string[]
  readonly checksum: string | undefined
  readonly statements: number | undefined
  readonly failedStatement: number | undefined
  readonly error: string | undefined
  readonly startedAt: string
  readonly finishedAt: string | undefined
  readonly milliseconds: number | undefined
  readonly databaseUser: string | undefined
  readonly osUser: string | undefined
  readonly host: string | undefined
  readonly processId: number | undefined
  readonly toolVersion: string | undefined
  readonly gitCommit: string | undefined
  readonly reason: string | undefined
}

const TEXTS = [
  'what',
  'revision',
  'outcome',
  'rows_before',
  'rows_after',
  'checksum',
  'error',
  'database_user',
] as const
const MORE_TEXTS = ['os_user', 'host', 'tool_version', 'git_commit', 'reason'] as const
const NUMBERS = ['seq', 'statements', 'failed_statement', 'milliseconds', 'process_id'] as const
const MOMENTS = ['started_at', 'finished_at'] as const
const COLUMNS = ['run_id', ...TEXTS, ...MORE_TEXTS, ...NUMBERS, ...MOMENTS] as const
type Column = (typeof COLUMNS)[number]
const ESSENTIAL: readonly Column[] = ['run_id', 'seq', 'what', 'revision', 'outcome', 'started_at']

/**
 * The events of the runs that fit, run by run, the newest run first; undefined when there is no event table. Creates
 * nothing. The server writes moments as text, in UTC: a driver would take those of MySQL for local time. Throws
 * REV_DATABASE_EVENT_TABLE for a table that lacks a column.
 */
export async function readEvents(database: Database, filter: EventFilter = {}): Promise<EventRecord[] | undefined> {
  return (await isReadable(database)) ? readColumns(database, COLUMNS, filter) : undefined
}

/**
 * The same of a table of another rev, which may lack columns: what stood in them is undefined. Undefined, too, for a table
 * that lacks one without which a row means nothing.
 */
export async function readOlderEvents(database: Database): Promise<EventRecord[] | undefined> {
  const missing = await findMissing(database)
  if (missing === undefined || ESSENTIAL.some((name) => missing.includes(name))) return undefined
  const present = COLUMNS.filter((name) => !missing.includes(name))
  return readColumns(database, present, {})
}

async function readColumns(
  database: Database,
  present: readonly Column[],
  filter: EventFilter,
): Promise<EventRecord[]> {
  const { dialect, connection, tables } = database
  const { asText } = eventMoments(dialect)
  const { sql: chosen, bindings } = chosenRuns(database, filter)
  const columns = present.map(
    (name) => `${MOMENTS.some((moment) => moment === name) ? asText(`e.${name}`) : `e.${name}`} as ${name}`,
  )
  const { rows } = await connection.query(
    `select ${columns.join(', ')} from ${tables.event.sql} e join (${chosen}) r on r.run_id = e.run_id
     order by r.began desc, e.run_id, e.seq`,
    bindings,
  )
  return rows.map(toRecord)
}

/** The ids in the log that begin with this text, or the one that is this text; none when there is no event table. */
export async function findLoggedRevisions(database: Database, text: string): Promise<string[]> {
  if (!(await isReadable(database))) return []
  const { rows } = await database.connection.query(
    `select distinct revision as revision from ${database.tables.event.sql} where revision is not null order by revision`,
  )
  // Compared here: servers differ in what letters and spaces are the same to them.
  const ids = rows.map((row) => String(row.revision))
  return ids.includes(text) ? [text] : ids.filter((id) => id.startsWith(text))
}

async function isReadable(database: Database): Promise<boolean> {
  const missing = await findMissing(database)
  if (missing === undefined || missing.length === 0) return missing !== undefined
  const { tables, description } = database
  throw new RevError('REV_DATABASE_EVENT_TABLE', { table: tables.event.text, database: description.text, missing })
}

/** The columns that the event table lacks; undefined when there is no such table. */
async function findMissing(database: Database): Promise<readonly Column[] | undefined> {
  // A SQLite file that is not there, and is not made by reading.
  if (database.connection.raw === undefined) return undefined
  const columns = await findColumns(database, database.tables.event)
  if (columns === undefined) return undefined
  if (!knowsColumns(database)) return []
  const found = columns.map(({ name }) => name.toLowerCase())
  return COLUMNS.filter((name) => !found.includes(name))
}

interface Query {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

function chosenRuns({ dialect, tables }: Database, filter: EventFilter): Query {
  const { run, revisions, since, until, limit } = filter
  const moments = eventMoments(dialect)
  const bindings: unknown[] = []
  const where: string[] = []
  if (run !== undefined) {
    where.push('c.run_id like ?')
    bindings.push(`${run.toLowerCase()}%`)
  }
  if (revisions !== undefined) {
    const same = dialect.name === 'mysql' ? 'cast(t.revision as binary) = cast(? as binary)' : 't.revision = ?'
    const any = revisions.length === 0 ? '1 = 0' : revisions.map(() => same).join(' or ')
    where.push(`exists (select 1 from ${tables.event.sql} t where t.run_id = c.run_id and (${any}))`)
    bindings.push(...revisions)
  }
  const having: string[] = []
  for (const [moment, operator] of [
    [since, '>='],
    [until, '<='],
  ] as const) {
    if (moment === undefined) continue
    having.push(`min(c.started_at) ${operator} ${moments.fromText('?')}`)
    bindings.push(moments.toText(moment))
  }
  const sql = [
    `select c.run_id as run_id, min(c.started_at) as began from ${tables.event.sql} c`,
    ...(where.length === 0 ? [] : [`where ${where.join(' and ')}`]),
    'group by c.run_id',
    ...(having.length === 0 ? [] : [`having ${having.join(' and ')}`]),
  ]
  if (limit !== undefined) {
    sql.push(`order by min(c.started_at) desc, c.run_id ${moments.firstOnes('?')}`)
    bindings.push(limit)
  }
  return { sql: sql.join(' '), bindings }
}

type Row = Readonly<Record<string, unknown>>

function toRecord(row: Row): EventRecord {
  return {
    runId: String(row.run_id),
    seq: Number(row.seq),
    what: String(row.what),
    revision: textOf(row.revision),
    outcome: String(row.outcome),
    rowsBefore: rowsOf(row.rows_before),
    rowsAfter: rowsOf(row.rows_after),
    checksum: textOf(row.checksum),
    statements: numberOf(row.statements),
    failedStatement: numberOf(row.failed_statement),
    error: textOf(row.error),
    startedAt: readMoment(row.started_at) ?? '',
    finishedAt: readMoment(row.finished_at),
    milliseconds: numberOf(row.milliseconds),
    databaseUser: textOf(row.database_user),
    osUser: textOf(row.os_user),
    host: textOf(row.host),
    processId: numberOf(row.process_id),
    toolVersion: textOf(row.tool_version),
    gitCommit: textOf(row.git_commit),
    reason: textOf(row.reason),
  }
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}

function numberOf(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}

function rowsOf(value: unknown): string[] {
  return (textOf(value) ?? '').split(' ').filter((row) => row !== '')
}
