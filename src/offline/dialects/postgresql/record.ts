import type { TableName } from '../../../database/tables.ts'
import type { RowChange } from '../../../graph/version-rows.ts'
import { doBlock, fixed, refuseIf, sqlText } from './sql-text.ts'

/** The changes of the version rows, each of which must find its row. */
export function changeRows(version: TableName, changes: readonly RowChange[]): string {
  const lines = changes.flatMap((change) => [
    `  ${changeRow(version, change)}`,
    ...refuseIf('  ', 'NOT FOUND', {
      message: `version table ${fixed(version.text)} has changed under this script: cannot ${inWords(change)}`,
    }),
  ])
  return doBlock('BEGIN', ...lines)
}

/** The same as plain statements. */
export function changeRowsPlainly(version: TableName, changes: readonly RowChange[]): string {
  return changes.map((change) => `${changeRow(version, change)}\n`).join('')
}

function changeRow({ sql }: TableName, change: RowChange): string {
  switch (change.kind) {
    case 'insert':
      return `INSERT INTO ${sql} (version_num) VALUES (${sqlText(change.revision)});`
    case 'delete':
      return `DELETE FROM ${sql} WHERE version_num = ${sqlText(change.revision)};`
    case 'update':
      return `UPDATE ${sql} SET version_num = ${sqlText(change.to)} WHERE version_num = ${sqlText(change.from)};`
  }
}

function inWords(change: RowChange): string {
  if (change.kind === 'update') return fixed(`update "${change.from}" to "${change.to}"`)
  return fixed(`${change.kind} "${change.revision}"`)
}
