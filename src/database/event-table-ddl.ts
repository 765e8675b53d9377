import { columnTypesOf } from './column-types.ts'
import type { DialectFacts } from './dialect.ts'
import type { TableName } from './tables.ts'

/** The database's clock now, in UTC, as SQL that fits the columns of the event table. */
export function eventClock(dialect: DialectFacts): string {
  return columnTypesOf(dialect).now
}

/**
 * The statement that creates the event table. Its key is the run and the number within it, which every database can do;
 * `started_at` gives the order among runs.
 */
export function eventTableDdl(dialect: DialectFacts, table: TableName): string {
  const suffix = dialect.name === 'mysql' ? ' default character set utf8mb4' : ''
  return `create table ${table.sql} (${eventTableColumns(dialect, table).join(', ')})${suffix}`
}

/** The columns and the key of the event table, one each. */
export function eventTableColumns(dialect: DialectFacts, table: TableName): string[] {
  const { moment, short, long, integer } = columnTypesOf(dialect)
  return [
    `run_id ${dialect.name === 'mysql' ? 'varchar(64) character set ascii' : 'varchar(64)'} not null`,
    `seq ${integer} not null`,
    `what varchar(32) not null`,
    `revision ${short}`,
    `outcome varchar(16) not null`,
    `rows_before ${long}`,
    `rows_after ${long}`,
    `checksum ${short}`,
    `statements ${integer}`,
    `failed_statement ${integer}`,
    `error ${long}`,
    `started_at ${moment} not null`,
    `finished_at ${moment}`,
    `milliseconds ${integer}`,
    `database_user ${short}`,
    `os_user ${short}`,
    `host ${short}`,
    `process_id ${integer}`,
    `tool_version varchar(64)`,
    `git_commit varchar(64)`,
    `reason ${long}`,
    `constraint ${dialect.quote(`${table.name}_pkc`)} primary key (run_id, seq)`,
  ]
}
