import type { ScriptFacts } from '../script-dialect.ts'
import { connectionCharset, setNames } from './connection-charset.ts'
import { POISON } from './go-on.ts'
import { lockWait } from './limits.ts'
import { setSqlMode } from './sql-mode.ts'
import { execute, sqlText } from './sql-text.ts'

// One thing with two names.
const READ_TX = 'SET @rev_closed = @@SESSION.tx_read_only'
const READ_TRANSACTION = 'SET @rev_closed = @@SESSION.transaction_read_only'

/** All version rows are one text in between. */
export const LONG_LISTS = 'group_concat_max_len = 1048576'

/** How long a statement of a guarded script waits for a table that somebody else uses, in seconds, unless it is told. */
const LOCK_WAIT = 60

/** What the session needs, so that the client and Knex's driver mean the same by the same SQL. */
export function setup(facts: ScriptFacts): string {
  const { guarded, settings, dialect } = facts
  const asked = lockWait({ settings })
  const rows = asked === undefined ? '' : `SESSION innodb_lock_wait_timeout = ${asked}`
  const role = settings.role === undefined ? '' : `SET ROLE ${dialect.quote(settings.role)};\n`
  const names = `${setNames(connectionCharset(facts))};\n${setSqlMode(guarded ? 'server' : 'session')};\n`
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
