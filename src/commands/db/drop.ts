import { type Database, withDatabase } from '../../database/database.ts'
import { askName, assertDroppable, dropFile, dropMysql, dropPostgres } from '../../database/life/drop-database.ts'
import { isMissingDatabase } from '../../database/life/server.ts'
import { findFile } from '../../database/lock/sidecar.ts'
import { withRunLock } from '../../database/with-run-lock.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import { type ConsentOptions, isAgreed, nameOf } from '../consent.ts'
import type { CommandContext } from '../context.ts'
import { lockTimeoutOf } from '../run-plan.ts'

/** What is asked before a database is dropped. */
export interface DropQuestion {
  readonly database: string
}

export interface DbDropOptions extends ConsentOptions<DropQuestion> {
  /** End the sessions of others on PostgreSQL, and do not look for them on SQLite. Default false. */
  readonly force?: boolean
  /** How long to wait for the lock: milliseconds, or text such as `60s`. Default: the setting. */
  readonly lockTimeout?: number | string
  /** Wait for the lock as long as it takes; not together with `lockTimeout`. Default false. */
  readonly wait?: boolean
}

export interface DbDropResult {
  readonly command: 'db drop'
  readonly database: string
  /** False when there was no such database. */
  readonly dropped: boolean
}

/**
 * Drops the database of the connection, with its lock held; one that is not there is a success. Throws REV_LIFE_UNCONFIRMED,
 * REV_LIFE_IN_USE, REV_LIFE_SYSTEM, REV_LIFE_NOT_OURS and REV_DATABASE_LOCKED before anything is changed.
 */
export async function dbDrop(context: CommandContext, options: DbDropOptions = {}): Promise<DbDropResult> {
  return { command: 'db drop', ...(await dropDatabase(context, 'db drop', options)) }
}

/** The same, for a command that does more. */
export async function dropDatabase(
  context: CommandContext,
  command: string,
  options: DbDropOptions,
): Promise<Omit<DbDropResult, 'command'>> {
  if (context.knex !== undefined) throw new RevError('REV_LIFE_NOT_OURS', { command })
  const lockTimeoutMs = lockTimeoutOf(context, command, options)
  const { force = false } = options
  try {
    const found = await withDatabase(context, { readOnly: true }, async (database) => {
      const { connection, dialect, description } = database
      const { text } = description
      if (connection.raw === undefined) return { database: text, dropped: false }
      assertDroppable(database, command)
      const file = dialect.name === 'sqlite' ? await findFile(database) : undefined
      // What is in memory went with the connection that made it.
      if (dialect.name === 'sqlite' && file === undefined) return { database: text, dropped: false }
      await assertConfirmed(context, database, command, options)
      const name = dialect.name === 'postgresql' ? await askName(database) : undefined
      await withRunLock(database, { what: command, lockTimeoutMs }, async (locked) => {
        if (file !== undefined) return dropFile(locked, file, force)
        if (dialect.name === 'mysql') return dropMysql(locked)
        // The server ends the connection that holds the lock, and nobody can take it in between.
        if (name !== undefined && force) return dropPostgres(context, name, true)
      })
      return name === undefined || force ? { database: text, dropped: true } : { database: text, dropped: false, name }
    })
    const { database, dropped } = found
    if (dropped || !('name' in found)) return { database, dropped }
    // The lock went with its connection; whoever has come in since keeps the server from dropping it.
    await dropPostgres(context, found.name, false)
    return { database, dropped: true }
  } catch (error) {
    if (!isMissingDatabase(error) || !isRevError(error, 'REV_DATABASE_CONNECT_FAILED')) throw error
    return { database: error.details.database ?? 'the database', dropped: false }
  }
}

async function assertConfirmed(
  { settings }: CommandContext,
  { description }: Database,
  command: string,
  options: DbDropOptions,
): Promise<void> {
  if (await isAgreed(settings, description, options, { database: description.text })) return
  throw new RevError('REV_LIFE_UNCONFIRMED', {
    command,
    database: nameOf(description),
    isProtected: settings.protected,
    what: 'everything',
  })
}
