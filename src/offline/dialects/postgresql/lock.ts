import { ADVISORY_CLASS, advisoryKeySql } from '../../../database/lock/advisory.ts'
import type { TableName } from '../../../database/tables.ts'
import { schemaOf, sqlText } from './sql-text.ts'

const MINE = `pid = pg_backend_pid() AND locktype = 'advisory' AND classid = ${ADVISORY_CLASS}`

/** Whether this session holds the lock. A condition of SQL. */
export const LOCK_IS_HELD = `EXISTS (SELECT FROM pg_locks WHERE ${MINE})`

/** Gives back what this session holds of rev's locks, and says nothing when that is nothing. For PL/pgSQL. */
export const UNLOCK = [
  `PERFORM pg_advisory_unlock(${ADVISORY_CLASS}, objid::bigint::bit(32)::int) FROM pg_locks`,
  `  WHERE ${MINE};`,
]

/** The second half of the key under which an online run locks the same version table. */
export function lockKey(table: TableName): string {
  return advisoryKeySql(schemaOf(table), sqlText(table.name))
}

/** Tries once to take the lock under the key in a variable. A condition of SQL. */
export function takeLock(key: string): string {
  return `pg_try_advisory_lock(${ADVISORY_CLASS}, ${key})`
}

/** Gives the lock under the key in a variable back. A condition of SQL. */
export function releaseLock(key: string): string {
  return `pg_advisory_unlock(${ADVISORY_CLASS}, ${key})`
}

/** Puts into a variable who holds the lock under the key in another one. For PL/pgSQL. */
export function findHolder(holder: string, key: string): string[] {
  return [
    `SELECT string_agg(format('pid %s, user %s, application %s', pid, usename, application_name), '; ') INTO ${holder}`,
    'FROM pg_locks AS l JOIN pg_stat_activity USING (pid)',
    `WHERE locktype = 'advisory' AND granted AND classid = ${ADVISORY_CLASS} AND objid = (${key}::bigint & 4294967295)::oid`,
    '  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database());',
  ]
}
