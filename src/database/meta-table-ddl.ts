import type { DialectFacts } from './dialect.ts'
import type { TableName } from './tables.ts'

/** The format of rev's tables that this rev writes, and the newest that it knows. A database without one has the first. */
export const META_FORMAT = 1

/** The statement that creates the meta table: names and values, both told apart to the letter on every database. */
export function metaTableDdl(dialect: DialectFacts, table: TableName): string {
  return `create table ${table.sql} (${metaTableColumns(dialect, table).join(', ')})`
}

/** The columns and the key of the meta table, one each. */
export function metaTableColumns(dialect: DialectFacts, table: TableName): string[] {
  const { name, value } = COLUMN_TYPES[dialect.name] ?? GENERIC
  const key = dialect.quote(`${table.name}_pkc`)
  return [`name ${name} not null`, `value ${value} not null`, `constraint ${key} primary key (name)`]
}

const GENERIC = { name: 'varchar(64)', value: 'varchar(1000)' }

const COLUMN_TYPES: Readonly<Record<string, typeof GENERIC>> = {
  mysql: {
    name: 'varchar(64) character set ascii collate ascii_bin',
    value: 'varchar(1000) character set utf8mb4 collate utf8mb4_bin',
  },
  mssql: { name: 'varchar(64)', value: 'nvarchar(1000)' },
  oracledb: { name: 'varchar2(64)', value: 'varchar2(1000)' },
}
