import { withDatabase } from '../database/database.ts'
import type { CommandContext } from './context.ts'

/** The version table, and whether it had to be created. */
export interface EnsureVersionResult {
  readonly command: 'ensure-version'
  /** False when the table was there already. */
  readonly created: boolean
  /** The table with its schema. */
  readonly table: string
  readonly database: string
}

/** Creates the version table when it is missing; changes nothing otherwise. */
export async function ensureVersion(context: CommandContext): Promise<EnsureVersionResult> {
  return withDatabase(context, { readOnly: false }, async (database) => {
    const { created, table } = await database.ensureVersionTable()
    return { command: 'ensure-version', created, table, database: database.description.text }
  })
}
