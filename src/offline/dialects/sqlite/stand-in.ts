import type { TableName } from '../../../database/tables.ts'
import { sqlName } from './sql-text.ts'

/**
 * A table that is empty and stands for one of rev's own where the database does not have it, so that it can be asked
 * without being made: a name without a schema means a table of the database where there is one, and else the first that was
 * attached.
 */
export function standIn({ name }: TableName, columns: string): string {
  return `CREATE TABLE rev_script.${sqlName(name)} (${columns});\n`
}

/** The name by which the table is asked, or what stands for it. */
export function askedAs({ name }: TableName): string {
  return sqlName(name)
}
