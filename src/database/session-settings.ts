import { hostname } from 'node:os'
import type { Database } from './open-database.ts'

/** Brings the session back to where it was when it was saved. */
export type RestoreSession = () => Promise<void>

/**
 * Remembers the settings of the session (search path, role, SQL mode, foreign key checks, chosen database, ...), so that
 * what one revision sets does not leak into the next. Call the result after the revision's transaction has ended.
 */
export async function saveSession(database: Database): Promise<RestoreSession> {
  if (database.dialect.name === 'postgresql') return savePostgres(database)
  if (database.dialect.name === 'mysql') return saveMysql(database)
  return async () => {}
}

async function savePostgres({ connection }: Database): Promise<RestoreSession> {
  const before = await readPostgres(connection)
  return async () => {
    const after = await readPostgres(connection)
    // The role comes first: the others may be settable only by the role that set them before.
    if (after.get('role') !== before.get('role')) await setPostgres(connection, 'role', before.get('role') ?? 'none')
    for (const [name, value] of after) {
      if (name === 'role' || before.get(name) === value) continue
      const old = before.get(name)
      if (old === undefined) await connection.query(`reset ${name.split('.').map(quoted).join('.')}`)
      else await setPostgres(connection, name, old)
    }
    for (const [name, value] of before) if (!after.has(name)) await setPostgres(connection, name, value)
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

type Connection = Database['connection']

// `source = 'session'` is what was set on this connection and differs from how it was opened.
async function readPostgres(connection: Connection): Promise<Map<string, string>> {
  const { rows } = await connection.query(
    `select name, setting from pg_catalog.pg_settings where source = 'session' and context in ('user', 'superuser')
     union all select 'role', current_setting('role')`,
  )
  return new Map(rows.map(({ name, setting }) => [String(name), String(setting)]))
}

async function setPostgres(connection: Connection, name: string, value: string): Promise<void> {
  await connection.query('select pg_catalog.set_config(?, ?, false)', [name, value])
}

const MYSQL_VARIABLES = [
  'sql_mode',
  'foreign_key_checks',
  'unique_checks',
  'autocommit',
  'time_zone',
  'sql_safe_updates',
  'sql_notes',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'character_set_client',
  'character_set_results',
  'collation_connection',
  'auto_increment_increment',
  'group_concat_max_len',
]

async function saveMysql(database: Database): Promise<RestoreSession> {
  const { connection, dialect } = database
  const before = await readMysql(connection)
  return async () => {
    const after = await readMysql(connection)
    for (const name of MYSQL_VARIABLES) {
      if (after[name] !== before[name]) await connection.query(`set session ${name} = ?`, [before[name]])
    }
    if (typeof before.own === 'string' && after.own !== before.own)
      await connection.query(`use ${dialect.quote(before.own)}`)
    await assumeRole(database)
  }
}

async function readMysql(connection: Connection): Promise<Record<string, unknown>> {
  const columns = MYSQL_VARIABLES.map((name) => `@@session.${name} as ${name}`)
  const { rows } = await connection.query(`select ${columns.join(', ')}, database() as own`)
  return rows[0] ?? {}
}

/** Takes the role of the settings, on PostgreSQL and MySQL/MariaDB; nothing without one. */
export async function assumeRole({ connection, dialect, settings }: Database): Promise<void> {
  if (settings.role === undefined) return
  if (dialect.name === 'postgresql' || dialect.name === 'mysql') {
    await connection.query(`set role ${dialect.quote(settings.role)}`)
  }
}

/**
 * Lets the server's administrators see who is connected, and lets the server notice soon when this process dies in the
 * middle of a long statement, which would otherwise keep the lock until it ends. Only on a connection of rev's own.
 */
export async function announceSession(database: Database, what: string): Promise<void> {
  const { connection, dialect, owned } = database
  if (dialect.name !== 'postgresql' || !owned) return
  await setPostgres(connection, 'application_name', `rev ${what} ${process.pid}@${hostname()}`.slice(0, 63))
  // PostgreSQL 14 and later, and only on systems that can tell.
  await setPostgres(connection, 'client_connection_check_interval', '5s').catch(() => undefined)
}
