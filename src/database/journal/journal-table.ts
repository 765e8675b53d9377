import { RevError } from '../../errors/index.ts'
import { findColumns } from '../catalogue.ts'
import { columnTypesOf } from '../column-types.ts'
import type { DialectFacts } from '../dialect.ts'
import { eventMoments, readMoment } from '../event-moments.ts'
import type { Database } from '../open-database.ts'
import type { TableName } from '../tables.ts'
import { ensureTable } from '../version-table.ts'
import type { JournalEntry, StatementState } from './journal-entry.ts'

const COLUMNS = [
  'revision',
  'direction',
  'number',
  'state',
  'hash',
  'statement',
  'looked',
  'answer',
  'error',
  'checksum',
  'run_id',
  'session_id',
  'started_at',
  'finished_at',
] as const

/** Creates the journal when it is missing. */
export async function ensureJournal(database: Database): Promise<void> {
  const { dialect, tables } = database
  await ensureTable(database, tables.step, journalDdl(dialect, tables.step))
}

/** The statement that creates the journal. `number` is a word of its own in Oracle and nowhere that rev keeps a journal. */
function journalDdl(dialect: DialectFacts, table: TableName): string {
  const { short, long, integer, moment } = columnTypesOf(dialect)
  const isMysql = dialect.name === 'mysql'
  const columns = [
    // As in the version table: ids that differ in case are different ids.
    `revision ${isMysql ? 'varchar(255) character set ascii collate ascii_bin' : short} not null`,
    'direction varchar(16) not null',
    `number ${integer} not null`,
    'state varchar(16) not null',
    'hash varchar(80) not null',
    `statement ${long} not null`,
    `looked ${long}`,
    `answer ${long}`,
    `error ${long}`,
    `checksum ${short}`,
    'run_id varchar(64) not null',
    'session_id varchar(64)',
    `started_at ${moment} not null`,
    `finished_at ${moment}`,
    `constraint ${dialect.quote(`${table.name}_pkc`)} primary key (revision, direction, number)`,
  ]
  // A journal that is no part of the transaction of what it tells of would be none.
  const suffix = isMysql ? ' engine = InnoDB default character set utf8mb4' : ''
  return `create table ${table.sql} (${columns.join(', ')})${suffix}`
}

/**
 * The statements of all steps that are not finished, in order; undefined when there is no journal. Creates nothing. Throws
 * REV_JOURNAL_TABLE for a table that lacks a column.
 */
export async function readJournal(database: Database): Promise<readonly JournalEntry[] | undefined> {
  const { connection, dialect, tables, description } = database
  // A SQLite file that is not there, and is not made by reading.
  if (connection.raw === undefined) return undefined
  const found = await findColumns(database, tables.step)
  if (found === undefined) return undefined
  const names = new Set(found.map(({ name }) => name.toLowerCase()))
  const missing = COLUMNS.filter((name) => !names.has(name))
  if (missing.length > 0) {
    throw new RevError('REV_JOURNAL_TABLE', { table: tables.step.text, database: description.text, missing })
  }
  const { asText } = eventMoments(dialect)
  const columns = COLUMNS.map((name) => (name === 'started_at' ? `${asText(name)} as ${name}` : name))
  const { rows } = await connection.query(
    `select ${columns.join(', ')} from ${tables.step.sql} order by direction, revision, number`,
  )
  return rows.map(toEntry)
}

/** Whether the journal holds anything at all; cheap, and false when there is none. */
export async function hasJournal(database: Database): Promise<boolean> {
  const { connection, tables } = database
  if (connection.raw === undefined || (await findColumns(database, tables.step)) === undefined) return false
  const { rows } = await connection.query(`select count(*) as found from ${tables.step.sql}`)
  return Number(rows[0]?.found) > 0
}

function toEntry(row: Readonly<Record<string, unknown>>): JournalEntry {
  const text = (name: (typeof COLUMNS)[number]): string | undefined => {
    const value = row[name]
    return value === null || value === undefined ? undefined : String(value)
  }
  return {
    revision: String(row.revision),
    direction: row.direction === 'downgrade' ? 'downgrade' : 'upgrade',
    number: Number(row.number),
    // Whatever nobody knows is looked into.
    state: row.state === 'done' || row.state === 'failed' ? row.state : 'running',
    hash: String(row.hash),
    statement: String(row.statement),
    before: text('looked'),
    answer: text('answer'),
    error: text('error'),
    checksum: text('checksum'),
    runId: String(row.run_id),
    session: text('session_id'),
    startedAt: readMoment(row.started_at) ?? '',
  }
}

/** Which step the statements belong to. */
export interface StepKey {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
}

/** What is written of one statement. */
export type NewEntry = Pick<JournalEntry, 'number' | 'state' | 'hash' | 'statement'> &
  Partial<Pick<JournalEntry, 'before' | 'answer' | 'error'>> & {
    /** It was sent before, and failed: its line gives way. */
    readonly isAgain?: boolean
  }

/** What is the same for all statements of a step in a run. */
export interface EntryFacts extends StepKey {
  readonly checksum: string | undefined
  readonly runId: string
  readonly session: string | undefined
}

/** Puts statements into the journal, in one statement. */
export async function writeEntries(database: Database, facts: EntryFacts, entries: readonly NewEntry[]): Promise<void> {
  if (entries.length === 0) return
  const { connection, tables, dialect } = database
  for (const { number, isAgain } of entries) if (isAgain) await removeEntry(database, facts, number)
  const now = columnTypesOf(dialect).now
  const marks = `(${COLUMNS.slice(0, -2)
    .map(() => '?')
    .join(', ')}, ${now}, `
  const values = entries.flatMap((entry) => [
    facts.revision,
    facts.direction,
    entry.number,
    entry.state,
    entry.hash,
    entry.statement,
    entry.before ?? null,
    entry.answer ?? null,
    entry.error ?? null,
    facts.checksum ?? null,
    facts.runId,
    facts.session ?? null,
  ])
  const rows = entries.map(({ state }) => `${marks}${state === 'running' ? 'null' : now})`)
  await connection.query(`insert into ${tables.step.sql} (${COLUMNS.join(', ')}) values ${rows.join(', ')}`, values)
}

/** Says what has become of a statement. */
export async function changeEntry(
  { connection, tables, dialect }: Database,
  { revision, direction }: StepKey,
  number: number,
  change: { readonly state: StatementState; readonly answer?: string; readonly error?: string },
): Promise<void> {
  await connection.query(
    `update ${tables.step.sql} set state = ?, answer = ?, error = ?, finished_at = ${columnTypesOf(dialect).now}
     where revision = ? and direction = ? and number = ?`,
    [change.state, change.answer ?? null, change.error ?? null, revision, direction, number],
  )
}

/** Takes one statement out, because it never reached the database. */
export async function removeEntry({ connection, tables }: Database, key: StepKey, number: number): Promise<void> {
  await connection.query(`delete from ${tables.step.sql} where revision = ? and direction = ? and number = ?`, [
    key.revision,
    key.direction,
    number,
  ])
}

/** Takes all statements of a step out: it is finished, or somebody has settled it. */
export async function clearStep({ connection, tables }: Database, { revision, direction }: StepKey): Promise<void> {
  await connection.query(`delete from ${tables.step.sql} where revision = ? and direction = ?`, [revision, direction])
}

/** Takes those statements of a step out that come behind this one. */
export async function clearBehind({ connection, tables }: Database, key: StepKey, number: number): Promise<void> {
  await connection.query(`delete from ${tables.step.sql} where revision = ? and direction = ? and number > ?`, [
    key.revision,
    key.direction,
    number,
  ])
}
