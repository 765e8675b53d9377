import { type Created, createDatabase } from '../../database/life/create-database.ts'
import type { CommandContext } from '../context.ts'

export interface DbCreateResult extends Created {
  readonly command: 'db create'
}

/**
 * Creates the database of the connection when it is missing: on SQLite the file and its folder. Throws REV_LIFE_NOT_CREATED,
 * REV_DATABASE_CONNECT_FAILED and REV_DATABASE_QUERY_FAILED.
 */
export async function dbCreate(context: CommandContext): Promise<DbCreateResult> {
  return { command: 'db create', ...(await createDatabase(context)) }
}
