import { isRevError } from '../../errors/index.ts'
import { type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import { findColumns } from '../catalogue.ts'
import type { Database } from '../open-database.ts'
import { sameRows } from '../plan-run.ts'
import { type EventRecord, readEvents, readOlderEvents } from '../read-events.ts'
import { revTables } from '../tables.ts'
import { compareJournal } from './compare-journal.ts'
import { compareRows } from './compare-rows.ts'
import { examineMeta } from './examine-meta.ts'
import { examineTable, type TableExamination } from './examine-table.ts'
import { type LoggedState, toLoggedState } from './logged-state.ts'
import { addEventColumns, setAside } from './repair-sql.ts'

/** The state of a database, and what is wrong with it. */
export interface Examination {
  /** Whether there is a version table. */
  readonly exists: boolean
  /** The rows that could be read, each once. */
  readonly rows: readonly string[]
  /** False where the rows cannot be read. */
  readonly isReadable: boolean
  /** Undefined where the log is not there, or cannot be read. */
  readonly logged: LoggedState | undefined
  /** The events of the log, also of one that lacks columns, as `readEvents` gives them. */
  readonly records: readonly EventRecord[] | undefined
  readonly findings: readonly IntegrityFinding[]
}

/**
 * Looks at the version table, at what the log says it should hold, and, with `scripts`, at what the files know of it.
 * Creates nothing, changes nothing, and works on a table that every run would refuse. Throws REV_DATABASE_QUERY_FAILED.
 */
export async function examine(database: Database, scripts: RevisionScripts | undefined): Promise<Examination> {
  const longest = scripts?.graph.ids().reduce((long, id) => (id.length > long.length ? id : long), '')
  const log = await readLog(database)
  const look = (): Promise<TableExamination> => examineTable(database, { logged: log.state?.last?.rows, longest })
  const table = await look()
  const findings = [...(await examineMeta(database)), ...log.findings, ...table.findings]
  // A run may have ended between the two readings; then the second ones agree.
  const last = isDifferent(table, log.state) ? await lookAgain(database) : undefined
  const isKnown = (row: string): boolean => scripts?.graph.has(row) === true
  if (last !== undefined) {
    // A row that nobody knows may be the only trace of what was applied: no stamp is to take it away.
    const isStampable = last.rows.length > 0 && [...last.rows, ...table.rows].every(isKnown)
    findings.push(differs(database, table, { ...last, isStampable }))
  }
  if (last === undefined && !table.exists) findings.push(...(await findAlembic(database)))
  if (scripts !== undefined && table.isReadable && table.exists) {
    findings.push(...compareRows(scripts, table.rows, log.state ?? toLoggedState([])))
  }
  findings.push(...(await compareJournal(database)))
  const { exists, rows, isReadable } = table
  return { exists, rows, isReadable, logged: log.state, records: log.records, findings }
}

interface LogReading {
  readonly state: LoggedState | undefined
  readonly records: readonly EventRecord[] | undefined
  readonly findings: readonly IntegrityFinding[]
}

async function readLog(database: Database): Promise<LogReading> {
  try {
    const records = await readEvents(database)
    return { state: records && toLoggedState(records), records, findings: [] }
  } catch (error) {
    if (!isRevError(error, 'REV_DATABASE_EVENT_TABLE')) throw error
    const { missing } = error.details
    const { dialect, tables } = database
    const added = addEventColumns(dialect, tables.event, missing)
    const repair = added.length === missing.length ? added : setAside(dialect, tables.event)
    return {
      state: undefined,
      records: await readOlderEvents(database),
      findings: [integrityFindings.eventColumns({ table: tables.event.text, missing, repair })],
    }
  }
}

type Last = NonNullable<LoggedState['last']>

function isDifferent({ rows, isReadable }: TableExamination, state: LoggedState | undefined): boolean {
  return isReadable && state?.last !== undefined && !sameRows(rows, state.last.rows)
}

async function lookAgain(database: Database): Promise<Last | undefined> {
  const { state } = await readLog(database)
  const table = await examineTable(database, { logged: undefined, longest: undefined })
  return isDifferent(table, state) ? state?.last : undefined
}

function differs(
  { tables }: Database,
  { exists, rows }: TableExamination,
  { rows: logged, ...last }: Last & { readonly isStampable: boolean },
): IntegrityFinding {
  const at = { ...last, logged, table: tables.version.text }
  return exists
    ? integrityFindings.rowsChanged({ ...at, rows })
    : integrityFindings.tableGone({ ...at, log: tables.event.text })
}

async function findAlembic(database: Database): Promise<IntegrityFinding[]> {
  const { dialect, tables, connection } = database
  const alembic = revTables(dialect, tables.version.schema, 'alembic_version').version
  if (connection.raw === undefined || alembic.name === tables.version.name) return []
  const columns = await findColumns(database, alembic)
  if (columns === undefined || !columns.some(({ name }) => name.toLowerCase() === 'version_num')) return []
  const found = await connection.query(`select version_num from ${alembic.sql}`)
  const rows = found.rows.map((row) => String(row.version_num ?? row.VERSION_NUM))
  return [integrityFindings.alembicTable({ table: tables.version.text, alembic: alembic.text, rows })]
}
