import type { DialectFacts } from './dialect.ts'
import type { TableName } from './tables.ts'

/**
 * The statement that creates the version table: the shape of `alembic_version`, with room for 255 characters. On
 * MySQL/MariaDB the column tells case apart, because ids that differ in case are different ids.
 */
export function versionTableDdl(dialect: DialectFacts, table: TableName): string {
  const text = COLUMN_TYPE[dialect.name] ?? 'varchar(255)'
  const key = dialect.quote(`${table.name}_pkc`)
  return `create table ${table.sql} (version_num ${text} not null, constraint ${key} primary key (version_num))`
}

/** The statement that creates the schema of rev's tables; undefined where a schema is not a thing to create. */
export function schemaDdl(dialect: DialectFacts, schema: string): string | undefined {
  if (dialect.name === 'mysql') return `create database if not exists ${dialect.quote(schema)}`
  if (SCHEMA_DIALECTS.has(dialect.name)) return `create schema if not exists ${dialect.quote(schema)}`
  if (dialect.name === 'mssql') return `create schema ${dialect.quote(schema)}`
  return undefined
}

const COLUMN_TYPE: Readonly<Record<string, string>> = {
  mysql: 'varchar(255) character set ascii collate ascii_bin',
  oracledb: 'varchar2(255)',
}

const SCHEMA_DIALECTS: ReadonlySet<string> = new Set(['postgresql', 'cockroachdb', 'redshift'])
