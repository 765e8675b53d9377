import type { TableName } from '../../../database/tables.ts'
import { rowsText } from '../../revision-words.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { GO, goOnWhile, POISON } from './go-on.ts'
import { LONG_LISTS } from './setup.ts'
import { execute, failingQuery, fixed, sqlText } from './sql-text.ts'
import { ROWS_IN_WORDS, readRows, rowsAre } from './version-rows.ts'

const UNLOCK = 'DO RELEASE_LOCK(@rev_lock);\n'

/** Gives the lock back, and asks the database where it is instead of claiming it. */
export function askWhere({ direction, tables: { version } }: ScriptFacts, rows: readonly string[]): string {
  const ok = `@rev_go = ${GO}`
  const database = `'rev: database "', IFNULL(DATABASE(), '?')`
  const reached = `CONCAT(${database}, '" is now at ', ${ROWS_IN_WORDS})`
  // Seeds leave the version rows where they are, whether they got through or not.
  const goal = direction === 'seed' ? '' : ` to ${fixed(rowsText(rows))}`
  const doubt = sqlText(`; the script did NOT get through${goal}`)
  const missed = `CONCAT(${database}, '" is at ', ${ROWS_IN_WORDS}, ${doubt})`
  return [
    `SET SESSION ${LONG_LISTS};\n`,
    `${readRows(version)};\n`,
    goOnWhile(`@@error_count = 0 AND ${rowsAre(rows)}`),
    UNLOCK,
    `SELECT IF(${ok},\n  ${reached},\n  ${missed}) AS rev;\n`,
    execute(`IF(${ok}, ${GO}, ${sqlText(failingQuery('rev: the script did not get through, see above'))})`),
  ].join('')
}

/** Asks the database where it is; `unless`: a condition under which the script has not got there. */
export function sayWhere(version: TableName, unless?: string): string {
  const where = `CONCAT('rev: database "', DATABASE(), '" is now at ', ${ROWS_IN_WORDS})`
  const said = unless === undefined ? where : `IF(${unless}, 'rev: the script did NOT get through', ${where})`
  return `${readRows(version)};\nSELECT ${said} AS rev;\n`
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
