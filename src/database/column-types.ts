import type { DialectFacts } from './dialect.ts'

/** The types of the columns of rev's own tables, and the clock that fits them. */
export interface ColumnTypes {
  /** A moment in UTC, with milliseconds. */
  readonly moment: string
  /** The database's clock now, as such a moment. */
  readonly now: string
  readonly short: string
  readonly long: string
  readonly integer: string
}

const GENERIC: ColumnTypes = {
  moment: 'timestamp',
  now: 'current_timestamp',
  short: 'varchar(255)',
  long: 'varchar(4000)',
  integer: 'integer',
}

const BY_DIALECT: Readonly<Record<string, ColumnTypes>> = {
  postgresql: { ...GENERIC, moment: 'timestamp(3) with time zone', now: 'clock_timestamp()', long: 'text' },
  cockroachdb: { ...GENERIC, moment: 'timestamptz', now: 'clock_timestamp()', long: 'text' },
  redshift: { ...GENERIC, moment: 'timestamptz', now: 'getdate()', long: 'varchar(65535)' },
  mysql: { ...GENERIC, moment: 'datetime(3)', now: 'utc_timestamp(3)', long: 'longtext' },
  sqlite: { ...GENERIC, moment: 'text', now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", short: 'text', long: 'text' },
  // `timestamp` is no moment there, it is a row version.
  mssql: { ...GENERIC, moment: 'datetime2(3)', now: 'sysutcdatetime()', long: 'nvarchar(max)' },
  oracledb: { ...GENERIC, now: 'sys_extract_utc(systimestamp)', short: 'varchar2(255)', long: 'clob' },
}

/** How one dialect writes them. */
export function columnTypesOf({ name }: DialectFacts): ColumnTypes {
  return BY_DIALECT[name] ?? GENERIC
}
