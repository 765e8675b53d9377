import type { TableName } from '../../../database/tables.ts'
import { createIfMissing } from './create-if-missing.ts'
import { sqlName } from './sql-text.ts'
import { hasTable, isOfMain } from './version-rows.ts'

/**
 * A table that is empty and stands for one of rev's own where the database does not have it, so that it can be asked
 * without being made: a name without a schema means a table of the database where there is one, and else the first that was
 * attached.
 */
export function standIn(table: TableName, columns: string): string {
  return isOfMain(table) ? `CREATE TABLE rev_script.${sqlName(table.name)} (${columns});\n` : ''
}

/** Makes the table where nothing can stand for it: a name with a schema means that table alone. */
export function makeToAsk(table: TableName, ddl: string): string {
  return isOfMain(table) ? '' : createIfMissing(ddl)
}

/** The table, or what stands for it, behind FROM; nothing is taken from another database that is attached and has one. */
export function askedAs(table: TableName): string {
  return isOfMain(table) ? `(SELECT * FROM ${sqlName(table.name)} WHERE ${hasTable(table)})` : table.sql
}
