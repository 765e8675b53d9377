import { withDatabase } from '../database/database.ts'
import { assertOwn, readMeta } from '../database/meta-table.ts'
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

/**
 * Creates the version table when it is missing; changes nothing otherwise. Throws REV_DATABASE_OTHER_PROJECT and
 * REV_DATABASE_NEWER_FORMAT.
 */
export async function ensureVersion(context: CommandContext): Promise<EnsureVersionResult> {
  return withDatabase(context, { readOnly: false }, async (database) => {
    assertOwn(database, await readMeta(database))
    const { created, table } = await database.ensureVersionTable()
    return { command: 'ensure-version', created, table, database: database.description.text }
  })
}
