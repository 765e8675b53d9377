import { rmSync } from 'node:fs'
import { isRevError, RevError } from '../../errors/index.ts'
import type { Database, DatabaseContext } from '../database.ts'
import { DEFAULT_TABLE_LOCK_MS } from '../limits/time-limit.ts'
import { lockFileOf } from '../lock/sidecar.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { withServer } from './server.ts'
import { stoppable } from './stoppable.ts'

const SYSTEM_DATABASES: Readonly<Record<string, readonly string[]>> = {
  postgresql: ['postgres', 'template0', 'template1'],
  mysql: ['mysql', 'sys', 'information_schema', 'performance_schema'],
}

/** Refuses what rev does not drop. Throws REV_LIFE_UNSUPPORTED, REV_LIFE_SYSTEM. */
export function assertDroppable({ dialect, description }: Database, command: string): void {
  const isKnown = ['postgresql', 'mysql', 'sqlite'].includes(dialect.name)
  if (!isKnown) throw new RevError('REV_LIFE_UNSUPPORTED', { command, dialect: dialect.name })
  const name = description.database ?? ''
  if (dialect.name !== 'sqlite' && (name === '' || SYSTEM_DATABASES[dialect.name]?.includes(name))) {
    throw new RevError('REV_LIFE_SYSTEM', { command, name, kind: 'database' })
  }
}

/**
 * Drops a database of PostgreSQL through another one. Sessions of others are ended with `force`, else they keep it from being
 * dropped. Throws REV_LIFE_IN_USE.
 */
export function dropPostgres(context: DatabaseContext, name: string, force: boolean): Promise<void> {
  return withServer(context, name, async (connection) => {
    try {
      const query = stoppable({ connection, signal: context.signal })
      await query(`drop database ${connection.dialect.quote(name)}${force ? ' with (force)' : ''}`)
    } catch (error) {
      const { code } = (isRevError(error) ? (error.cause ?? {}) : {}) as { code?: unknown }
      if (code !== '55006') throw error
      throw new RevError('REV_LIFE_IN_USE', {
        command: 'db drop',
        database: name,
        sessions: await findSessions(connection, name),
      })
    }
  })
}

async function findSessions({ query }: PinnedConnection, name: string): Promise<string[]> {
  const { rows } = await query(
    `select pid, usename, application_name, client_addr::text as place from pg_catalog.pg_stat_activity
     where datname = ? order by pid limit 10`,
    [name],
  )
  return rows.map(({ pid, usename, application_name: application, place }) => {
    const parts = [usename, application, place].filter((part) => typeof part === 'string' && part !== '')
    return `process ${String(pid)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`
  })
}

/** The name of a database, as its server says it: a pooler may know it by another one. */
export async function askName({ connection, description }: Database): Promise<string> {
  const sql = connection.dialect.name === 'mysql' ? 'select database() as name' : 'select current_database() as name'
  const name = (await connection.query(sql)).rows[0]?.name
  if (typeof name !== 'string') throw new RevError('REV_INTERNAL', { what: `${description.text} has no name` })
  return name
}

/** Drops the database of a connection to MySQL or MariaDB; waits for others no longer than for a table. */
export async function dropMysql(database: Database): Promise<void> {
  const { connection, settings } = database
  const ms = settings.tableLockTimeoutMs ?? DEFAULT_TABLE_LOCK_MS
  if (ms > 0) await connection.query(`set session lock_wait_timeout = ${Math.max(1, Math.ceil(ms / 1000))}`)
  await stoppable(database)(`drop database ${connection.dialect.quote(await askName(database))}`)
}

/**
 * Removes a SQLite file and what lies beside it, while its lock is held. Without `force` nobody else may be reading or writing
 * it. Throws REV_LIFE_IN_USE.
 */
export async function dropFile({ connection }: Database, file: string, force: boolean): Promise<void> {
  if (!force) await assertUnused(connection, file)
  // The file itself after what belongs to it: a journal that is left alone would be played into the next file of this name.
  for (const suffix of ['-journal', '-wal', '-shm', '']) rmSync(`${file}${suffix}`, { force: true })
  rmSync(lockFileOf(file), { force: true })
}

async function assertUnused({ query }: PinnedConnection, file: string): Promise<void> {
  try {
    await query('begin exclusive')
  } catch (error) {
    const { code } = (isRevError(error) ? (error.cause ?? {}) : {}) as { code?: unknown }
    if (!String(code).startsWith('SQLITE_BUSY')) throw error
    throw new RevError('REV_LIFE_IN_USE', { command: 'db drop', database: file, sessions: [] })
  }
  await query('rollback')
}
