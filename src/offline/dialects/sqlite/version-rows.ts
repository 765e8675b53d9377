import type { TableName } from '../../../database/tables.ts'
import type { RowChange } from '../../../graph/version-rows.ts'
import { type Proofs, proveOrRollBack } from './proofs.ts'
import { sqlText } from './sql-text.ts'

/** All version rows in one text, NULL for none, as SQL. */
export function rowsSql({ sql }: TableName): string {
  return `(
    SELECT group_concat(ifnull(version_num, 'NULL'), ' ')
    FROM (SELECT version_num FROM ${sql} ORDER BY version_num COLLATE BINARY))`
}

/** The same text of these rows, as SQL. */
export function rowsText(rows: readonly string[]): string {
  const sorted = rows.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return sorted.length === 0 ? 'NULL' : sqlText(sorted.join(' '))
}

/** Whether a name without a schema means this table, unless a temporary one has it. */
export function isOfMain({ schema }: TableName): boolean {
  return schema === undefined || schema.toLowerCase() === 'main'
}

/** Whether the database has this table, as SQL. */
export function hasTable({ name, schema }: TableName): string {
  return `EXISTS (SELECT 1 FROM pragma_table_info(${sqlText(name)}, ${sqlText(schema ?? 'main')}))`
}

/** Whether these names mean tables of the database, and not temporary ones, as SQL. */
export function isSeen(tables: readonly TableName[]): string {
  const names = tables.map(({ name }) => sqlText(name)).join(', ')
  return `NOT EXISTS (SELECT 1 FROM temp.sqlite_master WHERE name COLLATE NOCASE IN (${names}))`
}

const OPEN = 'EXISTS (SELECT 1 FROM rev_script.rev_begun WHERE is_open)'

/** The changes of the version rows, each of which must find its row while the step is still whole. */
export function changeRows(table: TableName, changes: readonly RowChange[], proofs: Proofs): string {
  const swapped = proofs.column('is_swapped', `version table ${table.text} has changed under this script`)
  return changes
    .map((change) => `${changeRow(table, change, OPEN)}${proveOrRollBack(swapped, 'changes() = 1')}`)
    .join('')
}

/** The changes alone. */
export function changeRowsPlainly(table: TableName, changes: readonly RowChange[]): string {
  return changes.map((change) => changeRow(table, change, undefined)).join('')
}

function changeRow({ sql }: TableName, change: RowChange, only: string | undefined): string {
  const and = only === undefined ? '' : ` AND ${only}`
  switch (change.kind) {
    case 'insert': {
      const values = only === undefined ? 'VALUES (' : 'SELECT '
      const end = only === undefined ? ')' : ` WHERE ${only}`
      return `INSERT INTO ${sql} (version_num) ${values}${sqlText(change.revision)}${end};\n`
    }
    case 'delete':
      return `DELETE FROM ${sql} WHERE version_num = ${sqlText(change.revision)}${and};\n`
    case 'update':
      return `UPDATE ${sql} SET version_num = ${sqlText(change.to)} WHERE version_num = ${sqlText(change.from)}${and};\n`
  }
}
