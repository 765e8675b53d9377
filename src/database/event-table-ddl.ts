import type { DialectFacts } from './dialect.ts'
import type { TableName } from './tables.ts'

/** The types of the columns of rev's own tables. */
export interface EventTypes {
  /** A moment in UTC, with milliseconds. */
  readonly moment: string
  /** The database's clock now, as such a moment. */
  readonly now: string
  readonly short: string
  readonly long: string
  readonly integer: string
}

const GENERIC: EventTypes = {
  moment: 'timestamp',
  now: 'current_timestamp',
  short: 'varchar(255)',
  long: 'varchar(4000)',
  integer: 'integer',
}

const BY_DIALECT: Readonly<Record<string, EventTypes>> = {
  postgresql: { ...GENERIC, moment: 'timestamp(3) with time zone', now: 'clock_timestamp()', long: 'text' },
  cockroachdb: { ...GENERIC, moment: 'timestamptz', now: 'clock_timestamp()', long: 'text' },
  redshift: { ...GENERIC, moment: 'timestamptz', now: 'getdate()', long: 'varchar(65535)' },
  mysql: { ...GENERIC, moment: 'datetime(3)', now: 'utc_timestamp(3)', long: 'longtext' },
  sqlite: { ...GENERIC, moment: 'text', now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", short: 'text', long: 'text' },
  // `timestamp` is no moment there, it is a row version.
  mssql: { ...GENERIC, moment: 'datetime2(3)', now: 'sysutcdatetime()', long: 'nvarchar(max)' },
  oracledb: { ...GENERIC, now: 'sys_extract_utc(systimestamp)', short: 'varchar2(255)', long: 'clob' },
}

/** The types of the columns of rev's own tables in a dialect. */
export function eventTypes(dialect: DialectFacts): EventTypes {
  return BY_DIALECT[dialect.name] ?? GENERIC
}

/** The database's clock now, in UTC, as SQL that fits the columns of the event table. */
export function eventClock(dialect: DialectFacts): string {
  return (BY_DIALECT[dialect.name] ?? GENERIC).now
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
  const { moment, short, long, integer } = BY_DIALECT[dialect.name] ?? GENERIC
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
