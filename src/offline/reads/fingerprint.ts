import type { SqlFamily } from '../../sql/sql-family.ts'
import { rowsOfResponse } from '../rows-of-response.ts'
import type { AnswerColumn, AnswerTable } from './answer-table.ts'
import { INCIDENTAL } from './catalogue-columns.ts'
import { SCHEMA_PRAGMAS } from './catalogue-relations.ts'
import { lexemesOf } from './lexemes.ts'
import { type MysqlShow, mysqlShow } from './mysql-show.ts'
import { showQuery } from './mysql-show-query.ts'
import { oneLineSql } from './one-line-sql.ts'
import { type QueryShape, queryShape } from './query-shape.ts'
import type { SchemaRead } from './schema-read.ts'
import { sqliteColumnCount } from './sqlite-column-count.ts'
import { type SqlitePragma, sqlitePragma } from './sqlite-pragma.ts'
import { tableText } from './table-text.ts'
import { textOnOneLine } from './text-on-one-line.ts'

/**
 * An SQL expression on one line that gives the answer to a read as one text: the same on every database that would have
 * given the revision the same answer. `response` is the driver's answer of the shadow; it tells names and types of columns.
 *
 * - `existence`: `true` or `false`; for a `column`, whether the table is there with it.
 * - `names`, `columns`, `rows`: how many, and what of them the revision sees; the order counts where the query asks for one.
 *   Left out are object ids (but not whether there is one), and of a `*` what differs between databases of the same schema:
 *   owners, positions, statistics, names of catalogs. On MySQL the name of the database itself counts as `DATABASE()`.
 *
 * undefined when SQL cannot give it: SHOW CREATE TABLE; a `*` over joined subqueries of SQLite, whose columns cannot be
 * counted; and a quoted name with a line break in it. Where an object is missing the expression fails only if the read does,
 * as `'users'::regclass` does.
 */
export function fingerprintOf(read: SchemaRead, family: SqlFamily, response: unknown): string | undefined {
  const lexemes = lexemesOf(read.sql, family)
  if (lexemes === undefined) return undefined
  const show = family === 'mysql' ? mysqlShow(lexemes) : undefined
  if (show !== undefined) return ofShow(read, show, response)
  const pragma = family === 'sqlite' ? sqlitePragma(lexemes) : undefined
  if (pragma !== undefined) return ofPragma(read, pragma)
  const shape = queryShape(lexemes, family)
  const query = oneLineSql(read.sql, family)
  if (shape === undefined || query === undefined) return undefined
  if (read.sees === 'existence') return existence(query, family)
  if (read.sees === 'columns') return tableText(columnInfo(query), family)
  const columns = columnsOf(response, shape, family)
  if (columns === undefined) return undefined
  if (columns.length === 0)
    return family === 'sqlite' ? `(SELECT count(*) || ' rows' FROM (${query}) rev_q)` : undefined
  return tableText({ query: ordered(query, shape, family), columns, isOrdered: shape.isOrdered }, family)
}

function existence(query: string, family: SqlFamily): string {
  if (family === 'postgresql') return `(EXISTS (${query}))::text`
  return `(CASE WHEN EXISTS (${query}) THEN 'true' ELSE 'false' END)`
}

const valued = (...names: readonly string[]): readonly AnswerColumn[] =>
  names.map((name) => ({ name, counts: 'value' }))

/** What Knex makes of the columns that the query lists, in the order of the table. */
function columnInfo(query: string): AnswerTable {
  const names = ['column_name', 'data_type', 'character_maximum_length', 'is_nullable', 'column_default']
  const selected = names.map((name) => `rev_c.${name}`).join(', ')
  const place = 'row_number() OVER (ORDER BY rev_c.ordinal_position) AS place'
  const own = `SELECT ${place}, ${selected} FROM (${query}) rev_c`
  return { query: own, columns: valued('place', ...names), isOrdered: false }
}

// Without a LIMIT MariaDB takes no notice of an order inside.
const NO_LIMIT = '18446744073709551615'

function ordered(query: string, shape: QueryShape, family: SqlFamily): string {
  return family === 'mysql' && shape.isOrdered && !shape.isLimited ? `${query} LIMIT ${NO_LIMIT}` : query
}

function ofShow(read: SchemaRead, show: MysqlShow, response: unknown): string | undefined {
  const fields = fieldsOf(response, 'mysql').map(({ name }) => name.toLowerCase())
  const ofColumns = show.shows === 'create' && read.sees === 'columns'
  const table = ofColumns
    ? showQuery({ ...show, shows: 'columns' }, read.sql, fields, 'beside-default')
    : showQuery(show, read.sql, fields)
  if (table === undefined) return undefined
  if (read.column !== undefined) {
    const sought = `CAST(LOWER(rev_q.column_name) AS BINARY) = CAST(${textOnOneLine(read.column, 'mysql')} AS BINARY)`
    return existence(`SELECT 1 FROM (${table.query}) rev_q WHERE ${sought}`, 'mysql')
  }
  if (read.sees !== 'names') return tableText(table, 'mysql')
  const query = `SELECT LOWER(rev_c.column_name) AS name FROM (${table.query}) rev_c`
  return tableText({ query, columns: valued('name'), isOrdered: false }, 'mysql')
}

function ofPragma(read: SchemaRead, { name, argument }: SqlitePragma): string {
  const from = argument === undefined ? `pragma_${name}` : `pragma_${name}(${textOnOneLine(argument, 'sqlite')})`
  if (read.column !== undefined) {
    return existence(`SELECT 1 FROM ${from} WHERE lower(name) = ${textOnOneLine(read.column, 'sqlite')}`, 'sqlite')
  }
  if (read.sees === 'names') {
    const query = `SELECT lower(name) AS name FROM ${from}`
    return tableText({ query, columns: valued('name'), isOrdered: false }, 'sqlite')
  }
  if (read.sees === 'columns') {
    const columns = valued('name', 'type', 'notnull', 'dflt_value')
    const query = `SELECT name, lower(type) AS type, "notnull", dflt_value FROM ${from}`
    return tableText({ query, columns, isOrdered: true }, 'sqlite')
  }
  // Temporary tables are those of the connection.
  const query = name === 'table_list' ? `SELECT * FROM ${from} WHERE schema = 'main'` : `SELECT * FROM ${from}`
  return tableText(
    { query, columns: valued(...(SCHEMA_PRAGMAS.get(name) ?? [])), isOrdered: name !== 'table_list' },
    'sqlite',
  )
}

// oid, tid, xid, cid, oidvector, pg_node_tree, oid[], xid8
const POSTGRESQL_IDS: ReadonlySet<unknown> = new Set([26, 27, 28, 29, 30, 194, 1028, 5069])

/** The columns of an answer; none when SQLite gave no row; undefined when they cannot be known. */
function columnsOf(response: unknown, shape: QueryShape, family: SqlFamily): readonly AnswerColumn[] | undefined {
  const isIncidental = (name: string): boolean =>
    INCIDENTAL[family].has(name.toLowerCase()) && !shape.mentions.has(name.toLowerCase())
  if (family !== 'sqlite') {
    return fieldsOf(response, family).map(({ name, dataTypeID }) => {
      if (isIncidental(name)) return { name, counts: 'nothing' }
      return { name, counts: family === 'postgresql' && POSTGRESQL_IDS.has(dataTypeID) ? 'presence' : 'value' }
    })
  }
  const [row] = rowsOfResponse(response, family)
  if (row === undefined) return []
  const names = Object.keys(row)
  const count = sqliteColumnCount(shape, names.length)
  if (count === undefined) return undefined
  // The driver keeps one of several columns with the same name.
  if (count !== names.length) return Array.from({ length: count }, () => ({ name: '', counts: 'value' as const }))
  // JavaScript puts names that are numbers first, so the place of a column is not known.
  const isMoved = names.some((name) => /^\d+$/.test(name))
  return names.map((name) => ({ name, counts: !isMoved && isIncidental(name) ? 'nothing' : 'value' }))
}

interface Field {
  readonly name: string
  readonly dataTypeID?: number
}

function fieldsOf(response: unknown, family: SqlFamily): readonly Field[] {
  const fields = family === 'postgresql' ? (response as { fields?: unknown }).fields : (response as unknown[])[1]
  return Array.isArray(fields) ? (fields as readonly Field[]) : []
}
