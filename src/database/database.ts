import type { Knex } from 'knex'
import { isRevError, RevError } from '../errors/index.ts'
import type { Reporter } from '../events.ts'
import { connectFailure } from './connect-failure.ts'
import { type ConnectionFacts, readConnection, toDescription } from './describe-connection.ts'
import { clientName, dialectOfClient } from './dialect-of-client.ts'
import { withDriverDefaults } from './driver-defaults.ts'
import { isUrlError } from './load-knex.ts'
import type { Database, DatabaseContext } from './open-database.ts'
import { isMissingFile, openKnex } from './open-knex.ts'
import { versionSchema } from './own-schema.ts'
import { pin } from './pin.ts'
import type { PinnedConnection } from './pinned-connection.ts'
import { createRedactor, type Redactor } from './redactor.ts'
import { assumeRole, saveSession } from './session-settings.ts'
import { revTables } from './tables.ts'
import { ensureVersionTable, readRows } from './version-table.ts'

export type { Database, DatabaseContext } from './open-database.ts'

export interface WithDatabaseOptions {
  /** Nothing is created, not even a missing SQLite file: that one has no version table. */
  readonly readOnly: boolean
  /** Asked before a missing SQLite file is created; when it says no, or throws, there is still none. Default: yes. */
  isWorthCreating?(absent: Database): boolean
}

/**
 * Opens the database (or joins the caller's), hands it to `use` and closes what it opened in every ending. No error that
 * leaves holds a secret. Throws REV_DATABASE_CONNECT_FAILED and the other errors of connecting.
 */
export async function withDatabase<T>(
  context: DatabaseContext,
  options: WithDatabaseOptions,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const redactor = createRedactor()
  try {
    return await withKnex(context, redactor, async (knex, facts) => {
      if (context.knex === undefined && (await isMissingFile(knex))) {
        const absent = absentDatabase(context, knex, facts(), redactor)
        if (options.readOnly || options.isWorthCreating?.(absent) === false) {
          const message = `there is no file ${absent.description.text}, so nothing is applied in it`
          absent.report({ type: 'notice', code: 'REV_NOTICE_NO_FILE', message })
          return use(absent)
        }
      }
      return connect(context, knex, facts, redactor, use)
    })
  } catch (error) {
    throw redactor.error(error)
  }
}

type UseKnex<T> = (knex: Knex, facts: () => ConnectionFacts) => Promise<T>

async function withKnex<T>(context: DatabaseContext, redactor: Redactor, use: UseKnex<T>): Promise<T> {
  if (context.knex) {
    const { client } = context.knex
    const facts = learn(client.connectionSettings ?? client.config?.connection, redactor)
    return use(context.knex, () => facts)
  }
  const config = context.knexConfig
  if (config === undefined || (config.client === undefined && config.connection === undefined)) {
    throw new RevError('REV_DATABASE_NOT_CONFIGURED', {})
  }
  let facts = learn(config.connection, redactor)
  const onSettings = (settings: unknown): void => {
    const known = facts
    facts = { ...known, ...withoutGaps(learn(settings, redactor)) }
  }
  const { directory, report } = context
  const knex = await openKnex({ config, directory, redactor, report, onSettings })
  try {
    return await use(knex, () => facts)
  } finally {
    // The work is over, well or badly; a connection that does not close nicely changes nothing about that.
    await knex.destroy().catch(() => undefined)
  }
}

function learn(connection: unknown, redactor: Redactor): ConnectionFacts {
  const facts = readConnection(connection)
  // Shown anyway: a password equal to one of these gives nothing away.
  const shown = [facts.user, facts.database, facts.host]
  for (const secret of facts.secrets) if (!shown.includes(secret)) redactor.add(secret)
  return facts
}

const withoutGaps = (facts: ConnectionFacts): ConnectionFacts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as unknown as ConnectionFacts

const REFUSALS: ReadonlySet<string> = new Set([
  'REV_DATABASE_CONFIG_REFUSED',
  'REV_DATABASE_FILE_URI',
  'REV_DATABASE_URL_UNREADABLE',
])

async function connect<T>(
  context: DatabaseContext,
  knex: Knex,
  facts: () => ConnectionFacts,
  redactor: Redactor,
  use: (database: Database) => Promise<T>,
): Promise<T> {
  const client: Knex.Client = knex.client
  const dialect = dialectOfClient(client)
  const joined = knex.isTransaction === true
  if (joined && dialect.name === 'mysql')
    throw new RevError('REV_DATABASE_TRANSACTION_REFUSED', { dialect: dialect.name })
  let raw: unknown
  try {
    raw = await client.acquireConnection()
  } catch (cause) {
    // What a function gives is looked at only now.
    if (isRevError(cause) && REFUSALS.has(cause.code)) throw cause
    // Some drivers read the URL only when they connect. Without the cause: it holds the URL.
    if (isUrlError(cause)) throw new RevError('REV_DATABASE_URL_UNREADABLE', { client: clientName(client) })
    const place = toDescription(clientName(client), withDriverDefaults(facts(), client, dialect))
    throw connectFailure(cause, place, redactor)
  }
  try {
    const description = toDescription(clientName(client), { ...factsOf(raw), ...withoutGaps(facts()) })
    const connection = pin({ dialect, client, raw, joined, redactor, database: description.text })
    return await asRole(context, connection, async () => {
      const schema = await versionSchema(connection, context.settings.schema, description.text)
      const tables = revTables(dialect, schema, context.settings.versionTable)
      return use(openDatabase(context, { dialect, description, knex, connection, tables, redactor }))
    })
  } finally {
    await client.releaseConnection(raw)
  }
}

// A connection of rev's own is closed with whatever was set on it; a caller's goes back as it came.
async function asRole<T>(
  { knex, settings: { role } }: DatabaseContext,
  connection: PinnedConnection,
  use: () => Promise<T>,
): Promise<T> {
  if (knex === undefined || role === undefined) {
    await assumeRole(connection, role)
    return use()
  }
  const restore = await saveSession(connection)
  try {
    await assumeRole(connection, role)
    return await use()
  } finally {
    await restore().catch(() => undefined)
  }
}

// A pool that the caller built itself says nothing about its settings; the driver's connection does.
function factsOf(raw: unknown): ConnectionFacts {
  const { config, host, port, database, user, name } = raw as Record<string, unknown>
  const settings = typeof config === 'object' && config !== null ? config : { host, port, database, user }
  return readConnection({ ...settings, filename: typeof name === 'string' ? name : undefined, password: undefined })
}

type Parts = Pick<Database, 'dialect' | 'description' | 'knex' | 'connection' | 'tables' | 'redactor'>

function openDatabase({ knex: handedIn, settings, report, signal }: DatabaseContext, parts: Parts): Database {
  const database: Database = {
    ...parts,
    owned: handedIn === undefined,
    databaseUser: parts.description.user,
    settings,
    report: discreet(report, parts.redactor),
    signal,
    readRows: () => readRows(database),
    ensureVersionTable: () => ensureVersionTable(database),
  }
  return database
}

function absentDatabase(context: DatabaseContext, knex: Knex, facts: ConnectionFacts, redactor: Redactor): Database {
  const dialect = dialectOfClient(knex.client)
  const description = toDescription(clientName(knex.client), facts)
  const connection: PinnedConnection = {
    dialect,
    client: knex.client,
    raw: undefined,
    joined: false,
    query: async () => {
      throw new RevError('REV_INTERNAL', { what: 'a statement was sent to a SQLite file that does not exist' })
    },
  }
  const tables = revTables(dialect, context.settings.schema ?? 'main', context.settings.versionTable)
  const open = openDatabase(context, { dialect, description, knex, connection, tables, redactor })
  return { ...open, readRows: async () => ({ exists: false, rows: [] }) }
}

// What a reporter throws is no reason to leave a database half way; and what a revision says may hold a secret.
function discreet(report: Reporter, redactor: Redactor): Reporter {
  return (event) => {
    try {
      if (event.type === 'log') report({ ...event, text: redactor.text(event.text) })
      else if (event.type === 'statement') report({ ...event, sql: redactor.text(event.sql) })
      else report(event)
    } catch {
      // The reporter's own affair.
    }
  }
}
