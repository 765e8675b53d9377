import { withDatabase } from '../database/database.ts'
import { compareFiles } from '../database/integrity/compare-files.ts'
import { examine } from '../database/integrity/examine.ts'
import { RevError } from '../errors/index.ts'
import type { IntegrityFinding } from '../errors/integrity-findings.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'

/** A database that goes with the files. */
export interface DatabaseCheck {
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** False when there is no version table yet. */
  readonly exists: boolean
  readonly rows: readonly string[]
  /** How many applied files were compared with what the log kept of them. */
  readonly compared: number
  /** What is worth knowing and no fault: a comment that was changed, for example. */
  readonly notes: readonly IntegrityFinding[]
}

/** Compares files, version rows and log; reads only. Throws REV_CHECK_DATABASE_DIFFERS with every finding. */
export async function checkDatabase(context: CommandContext, scripts: RevisionScripts): Promise<DatabaseCheck> {
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { exists, rows, logged, findings: ofDatabase } = await examine(database, scripts)
    const applied = scripts.graph.applied(rows.filter((row) => scripts.graph.has(row)))
    const files = logged === undefined ? { compared: 0, findings: [] } : compareFiles(scripts, applied, logged)
    const findings = [...ofDatabase, ...files.findings]
    const { text } = database.description
    if (findings.some(({ isFault }) => isFault)) {
      throw new RevError('REV_CHECK_DATABASE_DIFFERS', {
        database: text,
        table: database.tables.version.text,
        findings: [...findings].sort((a, b) => Number(b.isFault) - Number(a.isFault)),
      })
    }
    return { database: text, exists, rows, compared: files.compared, notes: findings }
  })
}
