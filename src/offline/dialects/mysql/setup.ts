import type { Knex } from 'knex'
import type { ScriptFacts } from '../script-dialect.ts'
import { POISON } from './go-on.ts'
import { lockWait } from './limits.ts'
import { execute, sqlText } from './sql-text.ts'

const NO_BACKSLASH = ',NO_BACKSLASH_ESCAPES,'
// The driver always sets IGNORE_SPACE, and Knex writes backslashes as escapes into defaults and comments.
const driverMode = (mode: string): string =>
  `TRIM(BOTH ',' FROM REPLACE(CONCAT(',', ${mode}, ',IGNORE_SPACE,'), '${NO_BACKSLASH}', ','))`
// A client may have a mode of its own; what the server sets for every connection, a run's has, too.
const RUN_MODE = `IF(@@GLOBAL.init_connect LIKE '%sql_mode%', @@SESSION.sql_mode, @@GLOBAL.sql_mode)`

// One thing with two names.
const READ_TX = 'SET @rev_closed = @@SESSION.tx_read_only'
const READ_TRANSACTION = 'SET @rev_closed = @@SESSION.transaction_read_only'

/** All version rows are one text in between. */
export const LONG_LISTS = 'group_concat_max_len = 1048576'

/** How long a statement of a guarded script waits for a table that somebody else uses, in seconds, unless it is told. */
const LOCK_WAIT = 60

/** What the session needs, so that the client and Knex's driver mean the same by the same SQL. */
export function setup({ guarded, settings, dialect, knexConfig }: ScriptFacts): string {
  const asked = lockWait({ settings })
  const rows = asked === undefined ? '' : `SESSION innodb_lock_wait_timeout = ${asked}`
  const role = settings.role === undefined ? '' : `SET ROLE ${dialect.quote(settings.role)};\n`
  const names = `SET NAMES utf8mb4 COLLATE ${collationOf(knexConfig)};\nSET SESSION sql_mode = ${driverMode(guarded ? RUN_MODE : '@@SESSION.sql_mode')};\n`
  if (!guarded) {
    return `${names}${role}${asked === undefined ? '' : `SET SESSION lock_wait_timeout = ${asked}, ${rows};\n`}`
  }
  return [
    '-- Read-only until everything is proven: so nothing is changed even by a client that ignores errors.\n',
    // A transaction that is already open would not be read-only, nor one that is chained to it; each change of the schema
    // would commit it, too.
    'SET SESSION completion_type = 0;\nCOMMIT;\n',
    execute(`IF(VERSION() LIKE '%MariaDB%', ${sqlText(READ_TX)}, ${sqlText(READ_TRANSACTION)})`),
    `${POISON};\n`,
    // A server may be set to begin a transaction with every SELECT, and to let everybody wait for a year.
    `SET SESSION autocommit = 1, SESSION lock_wait_timeout = ${asked ?? LOCK_WAIT}, ${rows === '' ? '' : `${rows}, `}SESSION ${LONG_LISTS};\n`,
    names,
    role,
    settings.role === undefined ? '' : 'SET @rev_role = @@error_count;\n',
  ].join('')
}

/** The driver connects with this collation unless it is told another one, and views and triggers remember it. */
export function collationOf({ connection }: Knex.Config): string {
  const charset: unknown = typeof connection === 'object' ? (connection as { charset?: unknown }).charset : undefined
  return typeof charset === 'string' && /^utf8mb4_\w+$/i.test(charset) ? charset.toLowerCase() : 'utf8mb4_unicode_ci'
}
