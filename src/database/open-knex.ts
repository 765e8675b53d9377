import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import type { Reporter } from '../events.ts'
import { assertClear } from './assert-clear.ts'
import { type DialectFacts, KNOWN_CLIENTS } from './dialect.ts'
import { dialectOfConfig } from './dialect-of-client.ts'
import { createKnex, loadKnex } from './load-knex.ts'
import type { Redactor } from './redactor.ts'

const CONNECT_TIMEOUT_MS = 10_000
// Knex says these on every start; they concern how a project writes its knexfile, not what rev does.
const IDLE_WARNINGS = /useNullAsDefault|^Acquire connection error|connection\.filename/

interface Settings extends Record<string, unknown> {
  filename?: string
  host?: unknown
  password?: unknown
}
type OpenClient = Knex.Client & {
  connectionSettings: Settings | undefined
  connectionConfigProvider?: () => Promise<unknown>
}

export interface OpenKnexOptions {
  readonly config: Knex.Config
  /** Relative SQLite files start here. */
  readonly directory: string
  readonly redactor: Redactor
  readonly report: Reporter
  /** Hears the settings that a connection is opened with, once they are known. */
  onSettings(settings: unknown): void
}

/**
 * A Knex instance of rev's own: few connections, no waiting beyond the connect timeout, nothing written to the console,
 * and errors that show no bound values. The caller destroys it. Throws REV_DATABASE_NO_CONNECTION,
 * REV_DATABASE_CONFIG_REFUSED, REV_DATABASE_URL_UNREADABLE and REV_DATABASE_FILE_URI.
 */
export async function openKnex(options: OpenKnexOptions): Promise<Knex> {
  const { config, directory, onSettings } = options
  if (typeof config.client === 'string' && (config.connection ?? '') === '') {
    throw new RevError('REV_DATABASE_NO_CONNECTION', { client: config.client })
  }
  const facts = dialectOfConfig(config)
  assertClear(config.connection, config)
  const knexFunction = await loadKnex(directory, config.client)
  const timeoutMs = config.acquireConnectionTimeout ?? config.pool?.acquireTimeoutMillis ?? CONNECT_TIMEOUT_MS
  const knex = createKnex(knexFunction, {
    ...config,
    // Drivers get the shorter time: they can say which address did not answer.
    acquireConnectionTimeout: timeoutMs + 1_000,
    compileSqlOnError: false,
    pool: poolOf(config.pool, facts, timeoutMs),
    log: quietLog(config.log, options),
  } as Knex.Config)
  const client = knex.client as OpenClient
  const adapt = (given: unknown): Settings => {
    const settings = asSettings(given, facts)
    assertClear(given, config)
    assertReadable(settings, facts, String(config.client))
    const adapted = adaptSettings(settings, facts, directory, timeoutMs)
    watchPassword(adapted, options.redactor)
    onSettings(adapted)
    return adapted
  }
  const provider = client.connectionConfigProvider
  if (provider) client.connectionConfigProvider = async () => adapt(await provider())
  else if (client.connectionSettings) client.connectionSettings = adapt(client.connectionSettings)
  return knex
}

// Knex takes a text that is no URL for the name of a file, whatever the client.
function assertReadable({ filename, host }: Settings, facts: DialectFacts, client: string): void {
  // Knex takes a URL apart, and the driver, which then gets no name, opens a database that is gone with the process.
  if (facts.name === 'sqlite' && (filename === undefined || /^sqlite3?:/i.test(String(filename)))) {
    const reason =
      'the connection of an SQLite database is the path of its file, "./dev.sqlite3" or { "filename": "./dev.sqlite3" }; a URL is not read'
    throw new RevError('REV_DATABASE_CONFIG_REFUSED', { client, reason, known: KNOWN_CLIENTS })
  }
  if (filename === undefined) return
  if (typeof filename !== 'string') {
    const reason = 'the filename of its connection is not a text'
    throw new RevError('REV_DATABASE_CONFIG_REFUSED', { client, reason, known: KNOWN_CLIENTS })
  }
  const serverOnly = facts.name === 'postgresql' || facts.name === 'mysql'
  if (serverOnly && host === undefined) throw new RevError('REV_DATABASE_URL_UNREADABLE', { client })
  if (facts.driver === 'better-sqlite3' && filename.startsWith('file:')) {
    throw new RevError('REV_DATABASE_FILE_URI', { filename })
  }
}

// A driver takes the text that a function gives as it is; settings cannot be added to that.
function asSettings(given: unknown, { name }: DialectFacts): Settings {
  if (typeof given !== 'string') return given as Settings
  if (name === 'sqlite') return { filename: given }
  if (name === 'mysql') return { uri: given }
  return name === 'postgresql' ? { connectionString: given } : (given as unknown as Settings)
}

function poolOf(pool: Knex.PoolConfig | undefined, facts: DialectFacts, timeoutMs: number): Knex.PoolConfig {
  // A reaped SQLite connection would take an in-memory database, and the pragmas of the run, with it.
  const size = facts.name === 'sqlite' ? { min: 1, max: 1 } : { min: 0, max: 2 }
  return { ...pool, ...size, acquireTimeoutMillis: timeoutMs + 1_000, propagateCreateError: true }
}

function adaptSettings(settings: Settings, facts: DialectFacts, directory: string, timeoutMs: number): Settings {
  // Changed in place: Knex keeps the password as a property that a copy would lose.
  if (facts.name === 'postgresql') settings.connectionTimeoutMillis ??= timeoutMs
  if (facts.name === 'mysql') settings.connectTimeout ??= timeoutMs
  if (facts.name === 'sqlite' && settings.filename !== undefined && isFile(settings.filename)) {
    settings.filename = isAbsolute(settings.filename) ? settings.filename : resolve(directory, settings.filename)
  }
  return settings
}

/** Whether a SQLite name is that of a file, not a database in memory. */
export function isFile(filename: string): boolean {
  return filename !== '' && filename !== ':memory:' && !filename.startsWith('file:')
}

/** Whether connecting would create the SQLite file: then a reading command must not connect. */
export async function isMissingFile(knex: Knex): Promise<boolean> {
  const { connectionSettings, connectionConfigProvider, dialect } = knex.client as OpenClient & { dialect?: string }
  if (dialect !== 'sqlite3') return false
  const settings = connectionSettings ?? (await connectionConfigProvider?.())
  const filename = (settings as Settings | undefined)?.filename
  return typeof filename === 'string' && isFile(filename) && !existsSync(filename)
}

// pg and some others take a function that fetches the password (a cloud token) when they connect.
function watchPassword(settings: Settings, redactor: Redactor): void {
  const { password } = settings
  if (typeof password === 'string') redactor.add(password)
  if (typeof password !== 'function') return
  const fetchPassword = async (...args: unknown[]): Promise<unknown> => {
    const fetched: unknown = await password.apply(settings, args)
    if (typeof fetched === 'string') redactor.add(fetched)
    return fetched
  }
  Object.defineProperty(settings, 'password', { value: fetchPassword, enumerable: false, configurable: true })
}

function quietLog(log: Knex.Logger | undefined, { redactor, report }: OpenKnexOptions): Knex.Logger {
  const warn = (message: unknown): void => {
    const text = redactor.text(String(message))
    if (!IDLE_WARNINGS.test(text)) report({ type: 'notice', code: 'REV_NOTICE_KNEX', message: text })
  }
  const silent = (): void => {}
  return { warn, error: silent, deprecate: silent, debug: silent, ...log }
}
