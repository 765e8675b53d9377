import { columnTypesOf } from '../../database/column-types.ts'
import type { DialectFacts } from '../../database/dialect.ts'
import type { TableName } from '../../database/tables.ts'

/** The statement that creates the table of what is known of seeds: a row for each seed that ran. */
export function seedTableDdl(dialect: DialectFacts, table: TableName): string {
  const { moment, short, long, integer } = columnTypesOf(dialect)
  return createTable(dialect, table, [
    `seed ${nameType(dialect)} not null`,
    'state varchar(16) not null',
    `checksum ${short}`,
    'run_id varchar(64)',
    `seeded_at ${moment} not null`,
    `milliseconds ${integer}`,
    `statements ${integer}`,
    'rows_written bigint',
    'rows_unkept bigint',
    `positions ${long}`,
    `constraint ${dialect.quote(`${table.name}_pkc`)} primary key (seed)`,
  ])
}

/** The statement that creates the table of the keys of inserted rows: many keys to a row, in the order of inserting. */
export function rowTableDdl(dialect: DialectFacts, table: TableName): string {
  const { long, integer } = columnTypesOf(dialect)
  return createTable(dialect, table, [
    `seed ${nameType(dialect)} not null`,
    `seq ${integer} not null`,
    `table_name ${long} not null`,
    `row_keys ${long} not null`,
    `constraint ${dialect.quote(`${table.name}_pkc`)} primary key (seed, seq)`,
  ])
}

// Names that differ in case are different names, on MySQL and MariaDB, too.
function nameType(dialect: DialectFacts): string {
  return dialect.name === 'mysql'
    ? 'varchar(255) character set utf8mb4 collate utf8mb4_bin'
    : columnTypesOf(dialect).short
}

function createTable({ name }: DialectFacts, table: TableName, columns: readonly string[]): string {
  const suffix = name === 'mysql' ? ' default character set utf8mb4' : ''
  return `create table ${table.sql} (${columns.join(', ')})${suffix}`
}
