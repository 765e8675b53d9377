import type { Knex } from 'knex'
import { isRevError } from '../../errors/index.ts'
import { type DatabaseContext, withDatabase } from '../database.ts'
import { dialectOfConfig } from '../dialect-of-client.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { connectionTo } from './connection-to.ts'

/** A context that asks nothing of a schema: for questions to the server, not to the version table. */
export function withoutSchema<C extends DatabaseContext>(context: C): C {
  return { ...context, settings: { ...context.settings, schema: 'information_schema' } }
}

/** Whether connecting failed because the server has no such database, or the SQLite file is not there. */
export function isMissingDatabase(error: unknown): boolean {
  if (!isRevError(error, 'REV_DATABASE_CONNECT_FAILED')) return false
  const { code, errno } = (error.cause ?? {}) as { code?: unknown; errno?: unknown }
  return code === '3D000' || errno === 1049 || (code === 'ENOENT' && error.details.filename !== undefined)
}

/**
 * Connects to the server of a context, not to its database: on PostgreSQL through `postgres`, else `template1`, on MySQL and
 * MariaDB without any. Throws what connecting throws.
 */
export async function withServer<T>(
  context: DatabaseContext,
  database: string,
  use: (connection: PinnedConnection) => Promise<T>,
): Promise<T> {
  const config: Knex.Config = context.knexConfig ?? {}
  const isPostgres = dialectOfConfig(config).name === 'postgresql'
  const doors = isPostgres ? ['postgres', 'template1'].filter((name) => name !== database) : [undefined]
  const [first, second] = doors.map((door) => ({
    ...withoutSchema(context),
    knexConfig: { ...config, connection: connectionTo(config.connection, door) } as Knex.Config,
  }))
  const enter = (through: DatabaseContext): Promise<T> =>
    withDatabase(through, { readOnly: false }, ({ connection }) => use(connection))
  if (first === undefined) return enter(context)
  if (second === undefined) return enter(first)
  let isInside = false
  try {
    return await withDatabase(first, { readOnly: false }, ({ connection }) => {
      isInside = true
      return use(connection)
    })
  } catch (error) {
    // Not there, or closed to this user.
    if (isInside || !isRevError(error, 'REV_DATABASE_CONNECT_FAILED') || !isShut(error.cause)) throw error
    return enter(second)
  }
}

function isShut(cause: unknown): boolean {
  const { code } = (cause ?? {}) as { code?: unknown }
  return code === '3D000' || code === '42501' || code === '28000'
}

/** What a server says of itself. */
export interface ServerVersion {
  /** `PostgreSQL`, `MariaDB`, `MySQL` or `SQLite`; else the name of the dialect. */
  readonly server: string
  /** Undefined where rev does not know how to ask. */
  readonly version: string | undefined
}

/** Asks for the version, which also proves that the database answers. */
export async function readServerVersion({ dialect, query }: PinnedConnection): Promise<ServerVersion> {
  const sql = VERSION_SQL[dialect.name]
  if (sql === undefined) return { server: dialect.name, version: undefined }
  const version = String((await query(sql)).rows[0]?.version)
  if (dialect.name !== 'mysql') return { server: dialect.name === 'sqlite' ? 'SQLite' : 'PostgreSQL', version }
  return { server: /mariadb/i.test(version) ? 'MariaDB' : 'MySQL', version }
}

const VERSION_SQL: Readonly<Record<string, string>> = {
  postgresql: `select current_setting('server_version') as version`,
  mysql: 'select version() as version',
  // The count reads the file, which the version alone would not.
  sqlite: 'select sqlite_version() as version, (select count(*) from sqlite_master) as entries',
}
