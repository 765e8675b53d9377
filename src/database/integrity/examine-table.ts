import { type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import { type CatalogueColumn, findColumns } from '../catalogue.ts'
import type { Database } from '../open-database.ts'
import { addKey, deleteCopies, deleteEmptyRows, renameColumn, retypeColumn, setAside } from './repair-sql.ts'

/** What can be said of a version table, also of one that no run would accept. */
export interface TableExamination {
  readonly exists: boolean
  /** The rows that name a revision, each once, in the table's order; none where they cannot be read. */
  readonly rows: readonly string[]
  /** False where the rows cannot be read. */
  readonly isReadable: boolean
  readonly findings: readonly IntegrityFinding[]
}

const TEXT_TYPES = /char|text|string|clob|^$/

/**
 * Looks at the version table: its column, and rows that no table with a key could have. Reads only. `logged` are the rows
 * that the log knows, `longest` the longest id of the files.
 */
export async function examineTable(
  database: Database,
  { logged, longest }: { readonly logged: readonly string[] | undefined; readonly longest: string | undefined },
): Promise<TableExamination> {
  const { dialect, tables, connection } = database
  const { version } = tables
  // A SQLite file that is not there, and is not made by looking.
  const columns = connection.raw === undefined ? undefined : await findColumns(database, version)
  if (columns === undefined) return { exists: false, rows: [], isReadable: true, findings: [] }
  const stamp = `rev stamp ${logged === undefined || logged.length === 0 ? 'REVISION' : logged.join(' ')}`
  const anew = [...setAside(dialect, version), stamp]
  const broken = (finding: IntegrityFinding): TableExamination => ({
    exists: true,
    rows: [],
    isReadable: false,
    findings: [finding],
  })

  const column = columns.find(({ name }) => name.toLowerCase() === 'version_num')
  if (column === undefined) {
    const [only, ...others] = columns
    const isRenamed = only !== undefined && others.length === 0 && TEXT_TYPES.test(only.type)
    return broken(
      integrityFindings.noColumn({
        table: version.text,
        columns: columns.map(({ name }) => name),
        isKnex: isKnexTable(columns),
        repair: isRenamed ? renameColumn(dialect, version, only.name) : anew,
      }),
    )
  }
  const retype = retypeColumn(dialect, version)
  const isPadded = dialect.name === 'postgresql' && column.type === 'character'
  if (!TEXT_TYPES.test(column.type) || isPadded) {
    const repair = retype.length > 0 ? retype : anew
    return broken(integrityFindings.wrongType({ table: version.text, type: column.type, repair }))
  }
  const { rows, findings } = await examineRows(database)
  if (column.maxLength !== undefined && longest !== undefined && longest.length > column.maxLength) {
    const { maxLength: limit } = column
    findings.push(integrityFindings.tooNarrow({ table: version.text, limit, revision: longest, repair: retype }))
  }
  return { exists: true, rows, isReadable: true, findings }
}

function isKnexTable(columns: readonly CatalogueColumn[]): boolean {
  const names = columns.map(({ name }) => name.toLowerCase())
  return ['name', 'batch', 'migration_time'].every((name) => names.includes(name))
}

async function examineRows(database: Database): Promise<{ rows: string[]; findings: IntegrityFinding[] }> {
  const { connection, dialect, tables } = database
  const { version } = tables
  const found = await connection.query(`select version_num from ${version.sql}`)
  const counts = new Map<string, number>()
  let empty = 0
  for (const row of found.rows) {
    const value = row.version_num ?? row.VERSION_NUM
    const text = value === null || value === undefined ? '' : String(value)
    if (text === '') empty += 1
    else counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const findings: IntegrityFinding[] = []
  if (empty > 0)
    findings.push(integrityFindings.nullRows({ table: version.text, count: empty, repair: deleteEmptyRows(version) }))
  const copies = [...counts].filter(([, count]) => count > 1)
  for (const [index, [row, count]] of copies.entries()) {
    const key = index === copies.length - 1 ? addKey(dialect, version) : []
    const repair = [...deleteCopies(dialect, version, row, count), ...key]
    findings.push(integrityFindings.duplicateRow({ table: version.text, row, count, repair }))
  }
  return { rows: [...counts.keys()], findings }
}
