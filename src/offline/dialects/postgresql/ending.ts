import type { TableName } from '../../../database/tables.ts'
import { UNLOCK } from './lock.ts'
import { POISON } from './prove.ts'
import { doBlock, fixed, indented, raise } from './sql-text.ts'

/** Gives the lock back. */
export function unlock(): string {
  return doBlock('BEGIN', ...indented('  ', UNLOCK))
}

/** Asks the database where it is, instead of claiming it. */
export function askWhere({ sql }: TableName): string {
  return askIn(sql, `'rev: database "%s" is now at %s', `)
}

/** The same, with a word of it where the session was left read-only, in a client that goes on after an error. */
export function askWhereIfProven({ sql }: TableName): string {
  const failed = `CASE current_setting('default_transaction_read_only') WHEN 'on' THEN 'something above failed, and ' ELSE '' END`
  return askIn(sql, `'rev: %sdatabase "%s" is now at %s',\n  ${failed},\n  `)
}

function askIn(sql: string, words: string): string {
  return `SELECT format(${words}current_database(),
  coalesce(string_agg(version_num, ', ' ORDER BY version_num COLLATE "C"), 'base')) AS rev
FROM ${sql};
`
}

/** Leaves the session unable to change anything, gives the lock back and raises an error. */
export function stopHere(message: string): string {
  return `${POISON}${doBlock('BEGIN', ...indented('  ', UNLOCK), ...raise('  ', { message: fixed(message) }))}`
}
