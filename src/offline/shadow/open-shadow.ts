import { cancelling } from '../../database/cancelling.ts'
import { type Database, type DatabaseContext, withDatabase } from '../../database/database.ts'
import { readConnection } from '../../database/describe-connection.ts'
import { interruption } from '../../database/interruption.ts'
import { createRedactor, type Redactor } from '../../database/redactor.ts'
import { type RestoreSession, saveSession } from '../../database/session-settings.ts'
import { isRevError } from '../../errors/index.ts'
import { silentReporter } from '../../events.ts'
import { setSqlMode } from '../dialects/mysql/sql-mode.ts'
import { familyOf } from '../family-of.ts'
import { rowsOfResponse } from '../rows-of-response.ts'
import { driverOptions, shadowOptions } from './driver-options.ts'
import type { ShadowEngine } from './engine.ts'
import { rawStatements } from './raw-statements.ts'
import { replay } from './replay.ts'
import { startFailure } from './scratch-database.ts'
import type { Shadow } from './shadow.ts'
import type { OpenShadowOptions } from './shadow-options.ts'
import { startEngine } from './start-engine.ts'
import { watchedPool } from './watched-pool.ts'

export type { OpenShadowOptions } from './shadow-options.ts'

/**
 * Starts a scratch database and replays the history on it up to the rows. Whatever was started for it is ended again in
 * every ending; no error holds a secret. Throws REV_OFFLINE_SHADOW_MISSING, REV_OFFLINE_SHADOW_URL,
 * REV_OFFLINE_SHADOW_START, REV_OFFLINE_SHADOW_REPLAY, the errors of loading revisions, and REV_INTERRUPTED or
 * REV_TERMINATED when aborted.
 */
export async function openShadow(options: OpenShadowOptions): Promise<Shadow> {
  const { url, signal, report } = options
  const redactor = createRedactor(url === undefined ? [] : [...readConnection(url).secrets])
  const started = performance.now()
  let engine: ShadowEngine | undefined
  try {
    if (signal.aborted) throw interruption(signal)
    engine = await startEngine({ ...options, report: (event) => report(withoutSecrets(event, redactor)) })
    if (signal.aborted) throw interruption(signal)
    const session = await openSession(engine, options)
    const ms = Math.round(performance.now() - started)
    const history = `${session.replayed} revision${session.replayed === 1 ? '' : 's'} replayed`
    const message = `${engine.name} answers for the schema: ${history}, ready in ${ms} ms`
    report({ type: 'notice', code: 'REV_NOTICE_SHADOW', message })
    return shadowOf(engine, session, options, redactor)
  } catch (error) {
    await engine?.close()
    throw signal.aborted ? interruption(signal) : redactor.error(error)
  }
}

type Notice = Parameters<OpenShadowOptions['report']>[0]

const withoutSecrets = (event: Notice, redactor: Redactor): Notice =>
  event.type === 'notice' ? { ...event, message: redactor.text(event.message) } : event

interface Session {
  readonly database: Database
  readonly restore: RestoreSession
  readonly ownName: string | undefined
  readonly replayed: number
  /** Closes the connection. Does not throw. */
  close(): Promise<void>
}

/** The project's own client on the scratch database, replayed, until it is closed. */
function openSession(engine: ShadowEngine, options: OpenShadowOptions): Promise<Session> {
  return new Promise((resolve, reject) => {
    let release = (): void => {}
    const held = new Promise<void>((done) => {
      release = done
    })
    const ended = withDatabase(contextOf(engine, options), { readOnly: false }, async (database) => {
      const replayed = await replay(database, engine, options)
      // As in the transactions of the script, whose statements come next.
      if (engine.kind === 'sqlite') await database.connection.query('PRAGMA foreign_keys = OFF')
      if (database.dialect.name === 'mysql') await database.connection.query(setSqlMode('session'))
      const close = async (): Promise<void> => {
        release()
        await ended.catch(() => undefined)
      }
      const restore = await saveSession(database.connection)
      resolve({ database, restore, ownName: await nameOf(database), replayed, close })
      await held
    })
    ended.catch((error: unknown) => reject(isOfConnection(error) ? startFailure(engine.name, error) : error))
  })
}

const isOfConnection = (error: unknown): boolean => isRevError(error) && error.code.startsWith('REV_DATABASE_')

const OWN_NAME: Readonly<Record<string, string>> = {
  postgresql: 'select current_database() as name',
  mysql: 'select database() as name',
}

async function nameOf({ connection, dialect }: Database): Promise<string | undefined> {
  const sql = OWN_NAME[dialect.name]
  const name = sql === undefined ? undefined : (await connection.query(sql)).rows[0]?.name
  return typeof name === 'string' ? name : undefined
}

function contextOf(engine: ShadowEngine, options: OpenShadowOptions): DatabaseContext {
  const { dialect, knexConfig, settings, directory, signal } = options
  const family = familyOf(dialect)
  // A pool that the project made itself is one of its own database.
  const { connectionPool: _pool, ...config } = knexConfig as typeof knexConfig & { connectionPool?: unknown }
  const { refuse } = engine
  const pool = refuse === undefined ? {} : { pool: watchedPool(config.pool, refuse) }
  const place = engine.connection as { readonly options?: unknown }
  const asked = family === 'postgresql' ? shadowOptions(knexConfig, place.options) : {}
  const connection = { ...driverOptions(family, knexConfig.connection), ...(place as object), ...asked }
  return {
    knex: undefined,
    knexConfig: { ...config, ...pool, connection },
    // A schema of MySQL is another database, and those of the server are not touched; nor is there a role.
    settings: {
      versionTable: settings.versionTable,
      schema: family === 'postgresql' ? settings.schema : undefined,
      role: undefined,
    },
    directory,
    report: silentReporter,
    signal,
  }
}

function shadowOf(
  engine: ShadowEngine,
  session: Session,
  { dialect, signal }: OpenShadowOptions,
  redactor: Redactor,
): Shadow {
  const family = familyOf(dialect)
  const { connection } = session.database
  const statements = rawStatements(connection, family)
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    const value = await cancelling(connection, signal, work).catch((error: unknown) => {
      throw signal.aborted ? error : redactor.error(error)
    })
    // A statement that was cancelled may have ended as if it had done its work.
    if (signal.aborted) throw interruption(signal)
    return value
  }
  let closing: Promise<void> | undefined
  return {
    name: engine.name,
    database: session.ownName,
    execute: (sql) => guarded(() => statements.execute(sql)),
    restoreSession: () => guarded(session.restore),
    read: (sql) => guarded(() => statements.read(sql)),
    scalar: (sql) =>
      guarded(async () => {
        const [row] = rowsOfResponse(await statements.read(sql), family)
        const value = Object.values(row ?? {})[0]
        return value === null || value === undefined ? null : String(value)
      }),
    close() {
      closing ??= session.close().then(() => engine.close())
      return closing
    },
  }
}
