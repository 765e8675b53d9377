import type { AnswerTable } from './answer-table.ts'
import type { MysqlShow } from './mysql-show.ts'
import { textOnOneLine, UNSAFE } from './text-on-one-line.ts'

/**
 * The query on the information schema that tells what a SHOW tells; undefined for SHOW CREATE TABLE, and for a pattern
 * with a line break. `fields` are the columns of the server's answer, in lower case, of which some are there on MySQL or
 * on MariaDB alone. `beside-default`: the collation of a column counts only where it is not that of its table, as in a
 * definition, which says nothing of it then.
 */
export function showQuery(
  show: MysqlShow,
  sql: string,
  fields: readonly string[],
  collations: 'named' | 'beside-default' = 'named',
): AnswerTable | undefined {
  const { shows, isFull, only } = show
  const inDatabase = `table_schema = ${show.database === undefined ? 'DATABASE()' : text(show.database)}`
  const ofTable = `${inDatabase} AND table_name = ${text(show.table ?? '')}`
  const narrowed = (column: string): string =>
    only === undefined ? '' : ` AND ${column} ${only.operator} ${sql.slice(only.value.start, only.value.end)}`
  // What it compares with stands there as it is.
  if (only !== undefined && sql.slice(only.value.start, only.value.end).search(UNSAFE) !== -1) return undefined
  if (shows === 'create') return undefined
  if (shows === 'tables') {
    const names = isFull ? ['table_name', 'table_type'] : ['table_name']
    return answer(names, 'tables', `${inDatabase}${narrowed('table_name')}`)
  }
  if (shows === 'indexes') {
    const names = [
      ...INDEX_COLUMNS,
      ...SERVERS_OWN.flatMap(([field, column]) => (fields.includes(field) ? [column] : [])),
    ]
    return answer(names, 'statistics', `${ofTable}${narrowed('index_name')}`)
  }
  const names = isFull ? [...COLUMN_COLUMNS, 'collation_name', 'column_comment'] : COLUMN_COLUMNS
  const condition = `${ofTable}${narrowed('column_name')}`
  const table = answer(names, 'columns', condition, 'ROW_NUMBER() OVER (ORDER BY ordinal_position)')
  if (collations === 'named') return table
  return { ...table, query: table.query.replace('collation_name AS', `${BESIDE_DEFAULT} AS`) }
}

const BESIDE_DEFAULT = `NULLIF(collation_name, (SELECT table_collation FROM information_schema.tables WHERE tables.table_schema = columns.table_schema AND tables.table_name = columns.table_name))`

const COLUMN_COLUMNS = ['column_name', 'column_type', 'is_nullable', 'column_key', 'column_default', 'extra']

const INDEX_COLUMNS = [
  'table_name',
  'non_unique',
  'index_name',
  'seq_in_index',
  'column_name',
  'collation',
  'sub_part',
  'packed',
  'nullable',
  'index_type',
  'comment',
  'index_comment',
]

const SERVERS_OWN = [
  ['visible', 'is_visible'],
  ['expression', 'expression'],
  ['ignored', 'ignored'],
] as const

function answer(names: readonly string[], view: string, condition: string, place = '0'): AnswerTable {
  const selected = names.map((name) => `${name} AS ${name}`).join(', ')
  return {
    query: `SELECT ${place} AS place, ${selected} FROM information_schema.${view} WHERE ${condition}`,
    columns: ['place', ...names].map((name) => ({ name, counts: 'value' })),
    isOrdered: false,
  }
}

const text = (value: string): string => textOnOneLine(value, 'mysql')
