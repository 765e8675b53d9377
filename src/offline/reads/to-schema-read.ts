import type { SqlFamily } from '../../sql/sql-family.ts'
import { type Lexeme, lexemesOf } from './lexemes.ts'
import { mysqlShow } from './mysql-show.ts'
import { queryShape } from './query-shape.ts'
import type { SchemaRead } from './schema-read.ts'
import { soughtColumn } from './sought-column.ts'
import { sqlitePragma } from './sqlite-pragma.ts'

/** A query of Knex that may be a read of the schema. */
export interface PossibleRead {
  /** With its values in place. */
  readonly sql: string
  /** What Knex calls it: `select`, `first`, `columnInfo`, ...; undefined for what a schema builder asks. */
  readonly method?: string | undefined
  /** Knex's function that turns the answer into what the caller gets; undefined for raw queries and builders. */
  readonly output?: unknown
  /** The database of the connection, which Knex writes into queries on MySQL; undefined when it is not known. */
  readonly database?: string | undefined
  /** False when names in the code are surely those in the database: the project has no `wrapIdentifier`. Default true. */
  readonly renames?: boolean
}

/**
 * The read of the schema that a query is; undefined when it reads, or may read, anything else: rows of tables, the server,
 * the session, the time; when it has an effect; and whenever it is not certain.
 */
export function toSchemaRead(query: PossibleRead, family: SqlFamily): SchemaRead | undefined {
  const lexemes = lexemesOf(query.sql, family)
  if (lexemes === undefined || !isSchemaRead(lexemes, family)) return undefined
  const sql = family === 'mysql' ? withOwnDatabase(query, lexemes) : query.sql
  if (query.method === 'columnInfo') return { sql, sees: 'columns' }
  if (typeof query.output !== 'function' || query.method !== undefined) return { sql, sees: 'rows' }
  if (isLookUp(lexemes, family)) return { sql, sees: 'existence' }
  // The guarded client takes the definition of a column from it, to change one attribute.
  if (family === 'mysql' && mysqlShow(lexemes)?.shows === 'create') return { sql, sees: 'columns' }
  const column = soughtColumn(query.output)
  if (column === undefined || !showsColumns(lexemes, family)) return { sql, sees: 'rows' }
  // A name that is translated may mean a column that is written otherwise.
  if (query.renames !== false || !/^[ -~]+$/.test(column)) return { sql, sees: 'names' }
  return { sql, sees: 'existence', column }
}

function isSchemaRead(lexemes: readonly Lexeme[], family: SqlFamily): boolean {
  if (family === 'sqlite' && sqlitePragma(lexemes) !== undefined) return true
  if (family === 'mysql' && mysqlShow(lexemes) !== undefined) return true
  return queryShape(lexemes, family) !== undefined
}

const LOOK_UPS: Readonly<Record<SqlFamily, RegExp>> = {
  postgresql:
    /^select \* from information_schema \. (?:tables where table_name = S|columns where table_name = S and column_name = S) and table_schema = (?:S|current_schema \( \))$/,
  mysql: /^select \* from information_schema \. tables where table_name = S and table_schema = (?:S|database \( \))$/,
  sqlite: /^select \* from sqlite_master where type = S and name = S$/,
}

// How rev writes a text with a backslash or a control character in it.
const PREFIXED: Readonly<Record<SqlFamily, string>> = {
  postgresql: '= e S',
  mysql: '= _utf8mb4 x S',
  sqlite: '= cast ( x S as text )',
}

/** Whether it is what Knex asks for `hasTable`, and for `hasColumn` of PostgreSQL: only whether there is a row. */
function isLookUp(lexemes: readonly Lexeme[], family: SqlFamily): boolean {
  const text = lexemes.map(({ kind, text }) => (kind === 'string' ? 'S' : text)).join(' ')
  return LOOK_UPS[family].test(text.replaceAll(PREFIXED[family], '= S'))
}

function showsColumns(lexemes: readonly Lexeme[], family: SqlFamily): boolean {
  if (family === 'mysql') return mysqlShow(lexemes)?.shows === 'columns'
  return family === 'sqlite' && sqlitePragma(lexemes)?.name === 'table_info'
}

/** `DATABASE()` where the query compares a schema with the name that the connection has for its database. */
function withOwnDatabase({ sql, method, database }: PossibleRead, lexemes: readonly Lexeme[]): string {
  const own = lexemes.filter((lexeme, index) => {
    const column = lexemes[index - 2]
    if (lexeme.kind !== 'string' || lexemes[index - 1]?.text !== '=' || column === undefined) return false
    if (column.kind === 'string' || !/(?:_schema|^schema_name)$/i.test(column.text)) return false
    return method === 'columnInfo' || lexeme.text === database
  })
  return own.reduceRight((text, { start, end }) => `${text.slice(0, start)}DATABASE()${text.slice(end)}`, sql)
}
