import type { TableName } from '../../../database/tables.ts'
import { rowsText } from '../../revision-words.ts'
import { assert, GO, goOnWhile, POISON } from './go-on.ts'
import { failingQuery, fixed, sqlText } from './sql-text.ts'
import { ROWS_IN_WORDS, readRows, rowsAre } from './version-rows.ts'

const UNLOCK = 'DO RELEASE_LOCK(@rev_lock);\n'

/** Gives the lock back, and asks the database where it is instead of claiming it. */
export function askWhere(version: TableName, rows: readonly string[]): string {
  const ok = `@rev_go = ${GO}`
  const missed = sqlText(`" did NOT get to ${fixed(rowsText(rows))}, it is at `)
  return [
    `${readRows(version)};\n`,
    goOnWhile(`@@error_count = 0 AND ${rowsAre(rows)}`),
    UNLOCK,
    `SELECT CONCAT('rev: database "', IFNULL(DATABASE(), '?'), IF(${ok}, '" is now at ', ${missed}), ${ROWS_IN_WORDS}) AS rev;\n`,
    assert(ok, 'rev: the script did not get to its end, see above'),
  ].join('')
}

/** Leaves the session unable to change anything, gives the lock back and stops. */
export function stopHere(message: string, guarded: boolean): string {
  return [
    `SELECT ${sqlText(`rev: ${fixed(message)}`)} AS rev;\n`,
    `SET @rev_go = NULL; ${POISON};\nROLLBACK;\n`,
    guarded ? UNLOCK : '',
    `${failingQuery(`rev: ${message}`)};\n`,
  ].join('')
}
