import { hostname } from 'node:os'
import type { PinnedConnection } from './pinned-connection.ts'

/** Brings the session back to where it was when it was saved. */
export type RestoreSession = () => Promise<void>

/**
 * Remembers the settings of the session (search path, role, SQL mode, foreign key checks, chosen database, ...), so that
 * what one revision sets reaches neither the next one nor a caller's pool.
 */
export async function saveSession(connection: PinnedConnection): Promise<RestoreSession> {
  if (connection.dialect.name === 'postgresql') return savePostgres(connection)
  if (connection.dialect.name === 'mysql') return saveMysql(connection)
  return async () => {}
}

// In this order: a change of who the session is takes its role back, and the others may be settable by that role only.
const IDENTITY = ['session_authorization', 'role']

async function savePostgres(connection: PinnedConnection): Promise<RestoreSession> {
  const before = await readPostgres(connection)
  return async () => {
    const after = await readPostgres(connection)
    const changed = [...after.keys()].filter((name) => before.get(name) !== after.get(name))
    const gone = [...before.keys()].filter((name) => !after.has(name))
    const identity = IDENTITY.filter((name) => changed.includes(name))
    for (const name of new Set([...identity, ...changed, ...gone])) {
      const old = before.get(name)
      if (old === undefined) await connection.query(`reset ${name.split('.').map(connection.dialect.quote).join('.')}`)
      else await setPostgres(connection, name, old)
    }
  }
}

// `source = 'session'` is what was set on this connection and differs from how it was opened.
async function readPostgres(connection: PinnedConnection): Promise<Map<string, string>> {
  const { rows } = await connection.query(
    `select name, setting from pg_catalog.pg_settings where source = 'session' and context in ('user', 'superuser')
     union all select 'session_authorization', current_setting('session_authorization')
     union all select 'role', current_setting('role')`,
  )
  return new Map(rows.map(({ name, setting }) => [String(name), String(setting)]))
}

async function setPostgres(connection: PinnedConnection, name: string, value: string): Promise<void> {
  await connection.query('select pg_catalog.set_config(?, ?, false)', [name, value])
}

/** What of the settings is remembered on MySQL and MariaDB. */
export const MYSQL_VARIABLES: readonly string[] = [
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

/** SQL for whether the session's clock stands, or goes by another time than the server's. */
export const MYSQL_CLOCK_IS_SET: string = 'abs(@@session.timestamp - unix_timestamp(sysdate(6))) > 1'

async function saveMysql(connection: PinnedConnection): Promise<RestoreSession> {
  const before = await readMysql(connection)
  const role = await readMysqlRole(connection)
  return async () => {
    const after = await readMysql(connection)
    const changed = Object.keys(before).filter((name) => !NO_SETTINGS.has(name) && after[name] !== before[name])
    if (changed.length > 0) {
      // The driver gives a decimal number as text, and the server takes no text for it.
      const values = changed.map((name) => (name === 'max_statement_time' ? Number(before[name]) : before[name]))
      await connection.query(`set ${changed.map((name) => `session ${name} = ?`).join(', ')}`, values)
    }
    if (Number(after.clock) > Number(before.clock)) await connection.query('set session timestamp = default')
    if (typeof before.own === 'string' && after.own !== before.own) {
      await connection.query(`use ${connection.dialect.quote(before.own)}`)
    }
    if (role !== undefined && (await readMysqlRole(connection)) !== role) await connection.query(`set role ${role}`)
  }
}

const NO_SETTINGS: ReadonlySet<string> = new Set(['own', 'clock'])

async function readMysql(connection: PinnedConnection): Promise<Record<string, unknown>> {
  const columns = [...MYSQL_VARIABLES, ...statementLimitOf(connection)].map((name) => `@@session.${name} as ${name}`)
  const { rows } = await connection.query(
    `select ${columns.join(', ')}, database() as own, ${MYSQL_CLOCK_IS_SET} as clock`,
  )
  return rows[0] ?? {}
}

// Each server has one of its own, and Knex finds out with the first connection which server it is.
function statementLimitOf({ client }: PinnedConnection): readonly string[] {
  const { isMariaDB, version } = client as { isMariaDB?: unknown; version?: unknown }
  if (isMariaDB === true) return ['max_statement_time']
  return isMariaDB === false && !/^5\.[0-6]\b/.test(String(version)) ? ['max_execution_time'] : []
}

// As SET ROLE takes it. MySQL answers quoted names with their hosts, or NONE; MariaDB one bare name, or NULL.
async function readMysqlRole(connection: PinnedConnection): Promise<string | undefined> {
  try {
    const { rows } = await connection.query('select current_role() as role')
    const role = rows[0]?.role
    if (typeof role !== 'string' || role === '' || role === 'NONE') return 'none'
    return role.startsWith('`') ? role : connection.dialect.quote(role)
  } catch {
    // MySQL 5.7 has no roles.
    return undefined
  }
}

/** Takes a role, on PostgreSQL and MySQL/MariaDB; nothing elsewhere, or without one. */
export async function assumeRole(connection: PinnedConnection, role: string | undefined): Promise<void> {
  const { dialect } = connection
  if (role === undefined || (dialect.name !== 'postgresql' && dialect.name !== 'mysql')) return
  await connection.query(`set role ${dialect.quote(role)}`)
}

/**
 * Lets the server's administrators see who is connected, and lets the server notice soon when this process dies in the
 * middle of a long statement, which would otherwise keep the lock until it ends. For a connection of rev's own.
 */
export async function announceSession(connection: PinnedConnection, what: string): Promise<void> {
  if (connection.dialect.name !== 'postgresql') return
  const { rows } = await connection.query(`select current_setting('application_name') as name`)
  // A name that the project chose stays.
  const name = `rev ${what} ${process.pid}@${hostname()}`.slice(0, 63)
  if (rows[0]?.name === '') await setPostgres(connection, 'application_name', name)
  // PostgreSQL 14 and later, and only on systems that can tell.
  await setPostgres(connection, 'client_connection_check_interval', '5s').catch(() => undefined)
}
