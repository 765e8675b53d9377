import type { DialectFacts } from '../database/dialect.ts'
import type { TableName } from '../database/tables.ts'
import { schemaDdl, versionTableDdl } from '../database/version-table-ddl.ts'
import type { RowChange } from '../graph/version-rows.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { DEFAULT_LITERALS } from './literals/literal-options.ts'
import { literalWriter } from './literals/write-literal.ts'

/** The statements that create the version table, and its schema, where they are missing. */
export function ensureVersionStatements(dialect: DialectFacts, table: TableName): string[] {
  const schema = table.schema === undefined ? undefined : schemaDdl(dialect, table.schema)
  const create = versionTableDdl(dialect, table).replace(/^create table /, 'create table if not exists ')
  return schema === undefined ? [create] : [schema, create]
}

/** One change of the version table. */
export function rowChangeStatement(family: SqlFamily, table: TableName, change: RowChange): string {
  const text = (revision: string): string => literalWriter(family)(revision, DEFAULT_LITERALS).trim()
  switch (change.kind) {
    case 'insert':
      return `INSERT INTO ${table.sql} (version_num) VALUES (${text(change.revision)})`
    case 'delete':
      return `DELETE FROM ${table.sql} WHERE version_num = ${text(change.revision)}`
    case 'update':
      return `UPDATE ${table.sql} SET version_num = ${text(change.to)} WHERE version_num = ${text(change.from)}`
  }
}
