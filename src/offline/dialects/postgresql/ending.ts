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
  return `SELECT format('rev: database "%s" is now at %s', current_database(),
  coalesce(string_agg(version_num, ', ' ORDER BY version_num COLLATE "C"), 'base')) AS rev
FROM ${sql};
`
}

/** Leaves the session unable to change anything, gives the lock back and raises an error. */
export function stopHere(message: string): string {
  return `${POISON}${doBlock('BEGIN', ...indented('  ', UNLOCK), ...raise('  ', { message: fixed(message) }))}`
}
