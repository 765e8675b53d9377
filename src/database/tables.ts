import type { DialectFacts } from './dialect.ts'

/** One of rev's own tables, named with its schema from the first statement on. */
export interface TableName {
  readonly schema: string | undefined
  readonly name: string
  /** As it stands in SQL. */
  readonly sql: string
  /** As it stands in messages. */
  readonly text: string
}

/** Where rev keeps what it knows of one database. */
export interface RevTables {
  readonly version: TableName
  readonly event: TableName
  /** The lease, when there is one. */
  readonly lock: TableName
  /** What the database says of itself: the format of these tables, and whose it is. */
  readonly meta: TableName
  /** The journal of steps that are not finished. */
  readonly step: TableName
  /** What is known of seeds that ran. */
  readonly seed: TableName
  /** The keys of the rows that seeds inserted. */
  readonly row: TableName
}

/**
 * The names of rev's tables: `rev_version` goes with `rev_event`, `rev_lock` and so on; any other version table `x` with
 * `x_event` and so on, so that two projects in one schema never share a table.
 */
export function revTables(dialect: DialectFacts, schema: string | undefined, versionTable: string): RevTables {
  const prefix = versionTable === 'rev_version' ? 'rev' : versionTable
  return {
    version: tableName(dialect, schema, versionTable),
    event: tableName(dialect, schema, `${prefix}_event`),
    lock: tableName(dialect, schema, `${prefix}_lock`),
    meta: tableName(dialect, schema, `${prefix}_meta`),
    step: tableName(dialect, schema, `${prefix}_step`),
    seed: tableName(dialect, schema, `${prefix}_seed`),
    row: tableName(dialect, schema, `${prefix}_row`),
  }
}

/** The names of all of rev's own tables, without their schema. */
export function ownTableNames(tables: RevTables): string[] {
  return Object.values(tables).map(({ name }: TableName) => name)
}

function tableName(dialect: DialectFacts, schema: string | undefined, name: string): TableName {
  const parts = schema === undefined ? [name] : [schema, name]
  return { schema, name, sql: parts.map((part) => dialect.quote(part)).join('.'), text: parts.join('.') }
}
