import { resolve } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'

type RawConfig = Readonly<Record<string, unknown>>

/** What the command line says in place of the knexfile. */
export interface ConnectionOverrides {
  readonly client?: string | undefined
  /** A URL, the path of an SQLite file, or a JSON object. */
  readonly connection?: string | undefined
}

/**
 * The configuration with `--client` and `--connection` put in. A relative SQLite file in the configuration is resolved
 * from `directory`, one from the command line from `cwd`: Knex itself would take the working directory for both. The
 * given object stays as it is. Throws REV_CONFIG_INVALID_CONNECTION.
 */
export function connectionConfig(
  config: RawConfig,
  overrides: ConnectionOverrides,
  { directory, cwd }: { directory: string; cwd: string },
): Knex.Config {
  const { client = config.client ?? config.dialect } = overrides
  const folder = overrides.connection === undefined ? directory : cwd
  const { connectionPool, ...withoutPool } = config
  const chosen: Record<string, unknown> =
    overrides.connection === undefined
      ? { ...config }
      : { ...withoutPool, connection: parseConnection(overrides.connection) }
  if (client !== undefined) chosen.client = client
  if (isSqlite(client)) {
    chosen.connection = resolveSqliteFile(chosen.connection, folder)
    // As Knex's own command line does when nothing but a client and a connection is given.
    if (Object.keys(config).length === 0) chosen.useNullAsDefault = true
  }
  return chosen as Knex.Config
}

function parseConnection(text: string): unknown {
  if (!text.trim().startsWith('{')) {
    if (text.trim() === '') throw new RevError('REV_CONFIG_INVALID_CONNECTION', { reason: 'it is empty' })
    return text
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words would quote the connection.
    throw new RevError('REV_CONFIG_INVALID_CONNECTION', { reason: 'it is not valid JSON' })
  }
}

function isSqlite(client: unknown): boolean {
  if (typeof client === 'string') return ['sqlite3', 'sqlite', 'better-sqlite3'].includes(client)
  return typeof client === 'function' && client.prototype?.dialect === 'sqlite3'
}

function resolveSqliteFile(connection: unknown, folder: string): unknown {
  if (typeof connection === 'string') return isSpecial(connection) ? connection : resolve(folder, connection)
  if (typeof connection === 'function') {
    return async (...args: unknown[]) => resolveSqliteFile(await connection(...args), folder)
  }
  if (typeof connection !== 'object' || connection === null || !('filename' in connection)) return connection
  const { filename } = connection
  if (typeof filename !== 'string' || isSpecial(filename)) return connection
  return { ...connection, filename: resolve(folder, filename) }
}

// In memory, a temporary file, or something with a scheme that the driver reads itself; `C:\` is no scheme.
function isSpecial(filename: string): boolean {
  return filename === '' || filename.startsWith(':memory:') || /^[a-z][a-z0-9+.-]+:/i.test(filename)
}
