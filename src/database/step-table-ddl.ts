import { columnTypesOf } from './column-types.ts'
import type { DialectFacts } from './dialect.ts'
import type { TableName } from './tables.ts'

/** The statement that creates the journal. `number` is a word of its own in Oracle and nowhere that rev keeps a journal. */
export function stepTableDdl(dialect: DialectFacts, table: TableName): string {
  const { short, long, integer, moment } = columnTypesOf(dialect)
  const isMysql = dialect.name === 'mysql'
  const columns = [
    // As in the version table: ids that differ in case are different ids.
    `revision ${isMysql ? 'varchar(255) character set ascii collate ascii_bin' : short} not null`,
    'direction varchar(16) not null',
    `number ${integer} not null`,
    'state varchar(16) not null',
    'hash varchar(80) not null',
    `statement ${long} not null`,
    `looked ${long}`,
    `answer ${long}`,
    `error ${long}`,
    `checksum ${short}`,
    'run_id varchar(64) not null',
    'session_id varchar(64)',
    `started_at ${moment} not null`,
    `finished_at ${moment}`,
    `constraint ${dialect.quote(`${table.name}_pkc`)} primary key (revision, direction, number)`,
  ]
  // A journal that is no part of the transaction of what it tells of would be none.
  const suffix = isMysql ? ' engine = InnoDB default character set utf8mb4' : ''
  return `create table ${table.sql} (${columns.join(', ')})${suffix}`
}

/** The `hash` of the one line by which a script of MySQL says that some of its statements are in the database. */
export const SENT_BY_SCRIPT = 'script'
