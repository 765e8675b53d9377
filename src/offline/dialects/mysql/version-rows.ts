import type { TableName } from '../../../database/tables.ts'
import type { RowChange } from '../../../graph/version-rows.ts'
import { rowsText } from '../../revision-words.ts'
import { GOES_ON, goOnWhile } from './go-on.ts'
import { sqlText } from './sql-text.ts'

const IDS = `SELECT IFNULL(CONVERT(version_num USING utf8mb4) COLLATE utf8mb4_bin, '(NULL)') AS id`

/** Reads the version rows: how many into `@rev_rows`, and which into `@rev_at`, which is NULL for none. */
export function readRows({ sql }: TableName): string {
  const list = `GROUP_CONCAT(id ORDER BY id SEPARATOR ', ')`
  return `SELECT COUNT(*), ${list} INTO @rev_rows, @rev_at FROM (${IDS} FROM ${sql}) AS version_rows`
}

/** Whether what was read is exactly this, whatever the collation of the table. */
export function rowsAre(rows: readonly string[]): string {
  if (rows.length === 0) return '@rev_rows = 0'
  return `@rev_rows = ${rows.length} AND CAST(@rev_at AS BINARY) = CAST(${sqlText(inOrder(rows))} AS BINARY)`
}

function inOrder(rows: readonly string[]): string {
  return rowsText([...rows].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))))
}

/** What was read, in words. */
export const ROWS_IN_WORDS = "IFNULL(@rev_at, 'base')"

/**
 * The changes of the version rows, each of which must find its row when the script is guarded; in a session that a client
 * has opened again none does.
 */
export function changeRows(table: TableName, changes: readonly RowChange[], guarded: boolean): string {
  const proof = guarded ? goOnWhile('ROW_COUNT() = 1') : ''
  return changes.map((change) => `${changeRow(table, change, guarded)};\n${proof}`).join('')
}

function changeRow({ sql }: TableName, change: RowChange, guarded: boolean): string {
  const onlyHere = guarded ? ` AND ${GOES_ON}` : ''
  switch (change.kind) {
    case 'insert': {
      const row = sqlText(change.revision)
      return `INSERT INTO ${sql} (version_num) ${guarded ? `SELECT ${row} FROM (SELECT 1) AS one WHERE ${GOES_ON}` : `VALUES (${row})`}`
    }
    case 'delete':
      return `DELETE FROM ${sql} WHERE version_num = ${sqlText(change.revision)}${onlyHere}`
    case 'update':
      return `UPDATE ${sql} SET version_num = ${sqlText(change.to)} WHERE version_num = ${sqlText(change.from)}${onlyHere}`
  }
}

/** A statement that changes nothing and needs the privileges of a change. By key, for `sql_safe_updates`. */
export function tryChange({ sql }: TableName, kind: RowChange['kind']): string {
  switch (kind) {
    case 'insert':
      return `INSERT INTO ${sql} (version_num) SELECT version_num FROM ${sql} WHERE version_num = '';\n`
    case 'delete':
      return `DELETE FROM ${sql} WHERE version_num = '';\n`
    case 'update':
      return `UPDATE ${sql} SET version_num = version_num WHERE version_num = '';\n`
  }
}
