import type { DialectFacts } from '../../../database/dialect.ts'
import { eventTableColumns } from '../../../database/event-table-ddl.ts'
import { metaTableDdl } from '../../../database/meta-table-ddl.ts'
import type { RevTables, TableName } from '../../../database/tables.ts'
import { schemaDdl, versionTableDdl } from '../../../database/version-table-ddl.ts'
import { lookUp, sqlText } from './sql-text.ts'

/** Creates a table of rev where it is missing, and only then needs the privilege. Lines of PL/pgSQL. */
export function createMissing(dialect: DialectFacts, tables: RevTables, which: keyof RevTables): string[] {
  const table = tables[which]
  return [
    `  IF ${lookUp(table)} IS NULL THEN`,
    ...createSchema(dialect, table),
    ...createTable(dialect, table, which),
    '  END IF;',
  ]
}

/** The same as plain statements, for a server that has no PL/pgSQL. */
export function createIfMissing(dialect: DialectFacts, table: TableName): string {
  const schema = table.schema === undefined ? undefined : schemaDdl(dialect, table.schema)
  const create = versionTableDdl(dialect, table).replace(/^create table /, 'create table if not exists ')
  return [schema, create].map((sql) => (sql === undefined ? '' : `${sql};\n`)).join('')
}

function createSchema(dialect: DialectFacts, { schema }: TableName): string[] {
  const ddl = schema === undefined ? undefined : schemaDdl(dialect, schema)?.replace(' if not exists', '')
  if (schema === undefined || ddl === undefined) return []
  return [`    IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = ${sqlText(schema)}) THEN ${ddl}; END IF;`]
}

function createTable(dialect: DialectFacts, table: TableName, which: keyof RevTables): string[] {
  if (which === 'version') return [`    ${versionTableDdl(dialect, table)};`]
  if (which === 'meta') return [`    ${metaTableDdl(dialect, table)};`]
  return createEvents(dialect, table)
}

function createEvents(dialect: DialectFacts, table: TableName): string[] {
  const columns = eventTableColumns(dialect, table).map((column) => `      ${column}`)
  return [`    create table ${table.sql} (`, ...columns.join(',\n').split('\n'), '    );']
}
