import { isRevError } from '../../errors/index.ts'
import { type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import { isNewerFormat, readMeta } from '../meta-table.ts'
import { META_FORMAT } from '../meta-table-ddl.ts'
import type { Database } from '../open-database.ts'
import { renameProject, setAside } from './repair-sql.ts'

/** Looks at whose database it is, and which rev wrote it. Reads only. Throws REV_DATABASE_QUERY_FAILED. */
export async function examineMeta(database: Database): Promise<IntegrityFinding[]> {
  const { dialect, settings } = database
  const { meta: table } = database.tables
  try {
    const meta = await readMeta(database)
    const { format, project: recorded } = meta
    const { project: configured } = settings
    const findings: IntegrityFinding[] = []
    if (recorded !== undefined && configured !== undefined && recorded !== configured) {
      const repair = [renameProject(dialect, table, configured)]
      findings.push(integrityFindings.otherProject({ table: table.text, recorded, configured, repair }))
    }
    if (recorded !== undefined && configured === undefined) {
      findings.push(integrityFindings.projectNotSet({ table: table.text, recorded }))
    }
    if (format !== undefined && isNewerFormat(meta)) {
      findings.push(integrityFindings.newerFormat({ table: table.text, format, known: META_FORMAT }))
    }
    return findings
  } catch (error) {
    if (!isRevError(error, 'REV_DATABASE_META_TABLE')) throw error
    const { missing } = error.details
    return [integrityFindings.metaColumns({ table: table.text, missing, repair: setAside(dialect, table) })]
  }
}
