import type { TableName } from '../../../database/tables.ts'
import { inOneLine } from '../../comment.ts'
import { DATABASE, sqlName } from './sql-text.ts'
import { rowsSql } from './version-rows.ts'

const IS_UNPROVEN = 'EXISTS (SELECT what FROM rev_script.rev_need EXCEPT SELECT what FROM rev_script.rev_proof)'

// What has failed after the guard may have rolled it back, with all that it needs.
const IS_UNGUARDED = "NOT EXISTS (SELECT 1 FROM rev_script.rev_proof WHERE what = 'guard')"

/** Asks the database where it is, instead of claiming it. */
export function askWhere(version: TableName): string {
  return `SELECT 'rev: ' || ${DATABASE} || ' is now at ' ||\n  ifnull(${rowsSql(version)}, 'base');\n`
}

/** The same, but where something was not proven, because what is seen there is not committed. */
export function askWhereIfProven(version: TableName, hasGuard: boolean): string {
  return `SELECT CASE WHEN ${IS_UNPROVEN}${hasGuard ? `\n  OR ${IS_UNGUARDED}` : ''}
  THEN 'rev: something above failed, and nothing after it is kept'
  ELSE 'rev: ' || ${DATABASE} || ' is now at ' ||\n    ifnull(${rowsSql(version)}, 'base') END;\n`
}

/** Gives the lock back. */
export const UNLOCK = 'DETACH rev_lock;\n'

/** An error with this message. */
export function stopHere(message: string): string {
  return [
    `CREATE TEMP TABLE rev_stop (stop INTEGER CONSTRAINT ${sqlName(`rev: ${inOneLine(message)}`)} CHECK (stop = 0));\n`,
    'INSERT INTO rev_stop VALUES (1);\n',
  ].join('')
}
