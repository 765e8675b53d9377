import { randomBytes } from 'node:crypto'
import { type Database, withDatabase } from '../../database/database.ts'
import { dialectOf } from '../../database/dialect.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import { silentReporter } from '../../events.ts'
import type { ShadowEngine } from './engine.ts'
import type { Surroundings } from './surroundings.ts'

export interface ServerOptions {
  /** Knex's name of a client for this server. */
  readonly client: string
  /** URL or settings of a database that is there; nothing is done in it but to create and drop another one. */
  readonly connection: string | object
  /** The project's folder. */
  readonly directory: string
  /** What is to be done in the new database first. */
  readonly statements: readonly string[]
}

export interface ScratchDatabase extends Pick<ShadowEngine, 'connection' | 'proof'> {
  readonly name: string
  /** Host and port of the server, or its socket. */
  readonly place: string
  /** What was on the server before. */
  readonly surroundings: Surroundings
  /** Throws REV_DATABASE_* when it stays. */
  drop(): Promise<void>
}

/**
 * Makes a database of a random name on a server, which no other run and nobody else has. Drops it again when it cannot
 * be made ready. Throws the REV_DATABASE_* errors of connecting, and REV_DATABASE_QUERY_FAILED without the right to it.
 */
export async function makeScratchDatabase(options: ServerOptions): Promise<ScratchDatabase> {
  const name = `rev_shadow_${randomBytes(8).toString('hex')}`
  const drop = (): Promise<void> => dropDatabase(options, name)
  let isAsked = false
  try {
    const { settings, ...known } = await connected(options, options.connection, async (database) => {
      const { connection, description, knex } = database
      const surroundings = await surroundingsOf(database, name)
      // Somebody may hold a lock on the whole server.
      if (isMysql(options.client)) await connection.query('set session lock_wait_timeout = 10')
      isAsked = true
      await connection.query(createStatement(options.client, name))
      const { host = 'localhost', port } = description
      const place = port === undefined ? host : `${host}:${port}`
      return { place, surroundings, settings: knex.client.connectionSettings as object }
    })
    // The password is a property that a copy loses.
    const { password } = settings as { password?: unknown }
    const own = { ...settings, ...(password === undefined ? {} : { password }), database: name }
    if (options.statements.length > 0) {
      await connected(options, own, async ({ connection }) => {
        for (const statement of options.statements) await connection.query(statement)
      })
    }
    const sql = isMysql(options.client) ? 'select database() as answer' : 'select current_database() as answer'
    return { ...known, name, connection: own as ShadowEngine['connection'], proof: { sql, answer: name }, drop }
  } catch (error) {
    // Also when the server has not said whether it made it.
    if (isAsked) await drop().catch(() => undefined)
    throw error
  }
}

const isMysql = (client: string): boolean => dialectOf(client).name === 'mysql'

function createStatement(client: string, name: string): string {
  return isMysql(client) ? `create database ${name} character set utf8mb4` : `create database ${name}`
}

async function surroundingsOf({ connection, dialect }: Database, own: string): Promise<Surroundings> {
  const names = async (sql: string): Promise<Set<string>> =>
    new Set((await connection.query(sql)).rows.map(({ name }) => String(name).toLowerCase()))
  if (dialect.name === 'mysql') {
    const databases = await names('select schema_name as name from information_schema.schemata')
    return { own, databases, shared: new Set(), textRunners: new Set() }
  }
  const databases = await names('select datname as name from pg_database')
  const shared = await names('select rolname as name from pg_roles union all select spcname from pg_tablespace')
  return { own, databases, shared, textRunners: new Set() }
}

async function dropDatabase(options: ServerOptions, name: string): Promise<void> {
  await connected(options, options.connection, async ({ connection }) => {
    if (isMysql(options.client)) {
      // A session that has not noticed its end yet may hold a lock on a table.
      await connection.query('set session lock_wait_timeout = 10')
      await connection.query(`drop database if exists ${name}`)
      return
    }
    // Sessions of this user only: others may not be ended, and those of the server itself end by themselves.
    const sessions = 'from pg_stat_activity where datname = ? and usename = current_user'
    await connection.query(`select pg_terminate_backend(pid) ${sessions}`, [name])
    await connection.query(`drop database if exists ${name}`)
  })
}

function connected<T>(
  { client, directory }: ServerOptions,
  connection: string | object,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const context = {
    knex: undefined,
    knexConfig: { client, connection },
    // A version table is not looked for here; with a schema named, none is asked for either.
    settings: { versionTable: 'rev_version', schema: 'unused', role: undefined },
    directory,
    report: silentReporter,
    signal: new AbortController().signal,
  }
  return withDatabase(context, { readOnly: false }, use)
}

/** The error of a server as that of a shadow; what is known of it already goes before what helps in general. */
export function startFailure(
  shadow: string,
  error: unknown,
  remedy?: (reason: string) => string | undefined,
): RevError<'REV_OFFLINE_SHADOW_START'> {
  const isQuery = isRevError(error, 'REV_DATABASE_QUERY_FAILED')
  const reason = isQuery ? error.details.reason : error instanceof Error ? error.message : String(error)
  const known = isRevError(error) ? error.hint : undefined
  return new RevError(
    'REV_OFFLINE_SHADOW_START',
    { shadow, reason, remedy: remedy?.(reason) ?? known },
    { cause: error },
  )
}
