import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { isRevError, RevError } from '../../errors/index.ts'
import type { DatabaseContext } from '../database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { type Reached, reach } from './reach.ts'
import { isMissingDatabase, withServer } from './server.ts'

/** Whether it had to be created, and what answers now. */
export interface Created extends Reached {
  readonly created: boolean
}

/**
 * Creates the database of the connection when it is missing; one that answers is left as it is, and the server is not asked
 * for more. Throws REV_LIFE_NOT_CREATED, and what connecting throws.
 */
export async function createDatabase(context: DatabaseContext): Promise<Created> {
  try {
    return { ...(await reach(context)), created: false }
  } catch (error) {
    if (!isMissingDatabase(error) || !isRevError(error, 'REV_DATABASE_CONNECT_FAILED')) throw error
    const { filename, database } = error.details
    const name = filename ?? database
    if (context.knex !== undefined || name === undefined) throw error
    const created = filename === undefined ? await createOnServer(context, name) : createFile(name)
    // Only now is it true.
    return { ...(await reach(context)), created }
  }
}

function createOnServer(context: DatabaseContext, name: string): Promise<boolean> {
  return withServer(context, name, async (connection) => {
    try {
      await connection.query(`create database ${connection.dialect.quote(name)}`)
      return true
    } catch (error) {
      // Somebody else was quicker.
      if (isThereAlready(error) && (await hasDatabase(connection, name))) return false
      if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) throw error
      const { reason } = error.details
      throw new RevError('REV_LIFE_NOT_CREATED', { database: name, reason }, { cause: error.cause })
    }
  })
}

function isThereAlready(error: unknown): boolean {
  const { code, errno } = (isRevError(error) ? (error.cause ?? {}) : {}) as { code?: unknown; errno?: unknown }
  return code === '42P04' || code === '23505' || errno === 1007
}

async function hasDatabase({ dialect, query }: PinnedConnection, name: string): Promise<boolean> {
  const sql =
    dialect.name === 'postgresql'
      ? 'select 1 as found from pg_catalog.pg_database where datname = cast(? as name)'
      : 'select 1 as found from information_schema.schemata where schema_name = ?'
  return (await query(sql, [name])).rows.length > 0
}

// An empty file is an empty database.
function createFile(file: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'wx'))
    return true
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'EEXIST') return false
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RevError('REV_LIFE_NOT_CREATED', { database: file, reason }, { cause })
  }
}
