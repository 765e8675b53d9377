import { withDatabase } from '../database/database.ts'
import { examine } from '../database/integrity/examine.ts'
import type { IntegrityFinding } from '../errors/integrity-findings.ts'
import type { CommandContext } from './context.ts'
import { soundScripts } from './sound-scripts.ts'

/** What was found in a database. */
export interface DoctorResult {
  readonly command: 'doctor'
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** The version table. */
  readonly table: string
  /** False when there is none. */
  readonly exists: boolean
  /** The rows that could be read, each once. */
  readonly rows: readonly string[]
  /** Whether no finding is a fault. */
  readonly healthy: boolean
  /** Faults first. */
  readonly findings: readonly IntegrityFinding[]
}

/**
 * What is wrong with the version table and its log, and what would repair it. Works on a table that every other command
 * refuses, and without sound files, and changes nothing. A finding is no error: see `healthy`.
 */
export async function doctor(context: CommandContext): Promise<DoctorResult> {
  const scripts = await soundScripts(context)
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { exists, rows, findings } = await examine(database, scripts)
    return {
      command: 'doctor',
      database: database.description.text,
      table: database.tables.version.text,
      exists,
      rows,
      healthy: !findings.some(({ isFault }) => isFault),
      findings: [...findings].sort((a, b) => Number(b.isFault) - Number(a.isFault)),
    }
  })
}
