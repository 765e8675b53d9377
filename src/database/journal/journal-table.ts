import { RevError } from '../../errors/index.ts'
import { findColumns } from '../catalogue.ts'
import { columnTypesOf } from '../column-types.ts'
import { eventMoments, readMoment } from '../event-moments.ts'
import type { Database } from '../open-database.ts'
import { stepTableDdl } from '../step-table-ddl.ts'
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
  await ensureTable(database, tables.step, stepTableDdl(dialect, tables.step))
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

/**
 * Moves the line of batches on, in the transaction of the next one; `answer` is how far they were before. False when
 * somebody else has moved it meanwhile.
 */
export async function moveEntry(
  { connection, tables, dialect }: Database,
  { revision, direction }: StepKey,
  { number, answer }: Pick<JournalEntry, 'number' | 'answer'>,
  next: { readonly answer: string; readonly statement: string },
): Promise<boolean> {
  const { affected } = await connection.query(
    `update ${tables.step.sql} set answer = ?, statement = ?, finished_at = ${columnTypesOf(dialect).now}
     where revision = ? and direction = ? and number = ? and answer = ?`,
    [next.answer, next.statement, revision, direction, number, answer ?? ''],
  )
  return affected === 1
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

/** Takes those statements of a step out that come up to this one. */
export async function clearUpTo({ connection, tables }: Database, key: StepKey, number: number): Promise<void> {
  await connection.query(`delete from ${tables.step.sql} where revision = ? and direction = ? and number <= ?`, [
    key.revision,
    key.direction,
    number,
  ])
}
