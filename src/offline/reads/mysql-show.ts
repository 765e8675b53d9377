import type { Lexeme } from './lexemes.ts'

/** A SHOW or DESCRIBE of MySQL that the information schema can answer as well. */
export interface MysqlShow {
  readonly shows: 'tables' | 'columns' | 'indexes' | 'create'
  readonly isFull: boolean
  /** The name without quotes; undefined for SHOW TABLES. */
  readonly table: string | undefined
  /** The database that is named; undefined for the connection's own. */
  readonly database: string | undefined
  /** Where in the statement the LIKE pattern, or the name in `WHERE field = 'name'` or `WHERE key_name = 'name'`, stands; undefined when all is shown. */
  readonly only: { readonly operator: '=' | 'LIKE'; readonly value: Lexeme } | undefined
}

const COLUMNS: ReadonlySet<string> = new Set(['columns', 'fields'])
const INDEXES: ReadonlySet<string> = new Set(['index', 'indexes', 'keys'])

/** Reads a SHOW of tables, columns, indexes or CREATE TABLE, or a DESCRIBE; undefined for all others. */
export function mysqlShow(lexemes: readonly Lexeme[]): MysqlShow | undefined {
  const words = lexemes.map(({ kind, text }) => (kind === 'word' ? text : undefined))
  if (words[0] === 'describe' || words[0] === 'desc') return shown('columns', false, lexemes, 1)
  if (words[0] !== 'show') return undefined
  if (words[1] === 'create' && words[2] === 'table') return shown('create', true, lexemes, 3)
  const isFull = words[1] === 'full'
  const at = isFull ? 2 : 1
  const what = words[at] ?? ''
  const takesFrom = words[at + 1] === 'from' || words[at + 1] === 'in'
  if (what === 'tables') {
    return takesFrom
      ? undefined
      : restricted({ shows: 'tables', isFull, table: undefined, database: undefined }, lexemes, at + 1)
  }
  if (!takesFrom) return undefined
  if (COLUMNS.has(what)) return shown('columns', isFull, lexemes, at + 2)
  return INDEXES.has(what) && !isFull ? shown('indexes', false, lexemes, at + 2) : undefined
}

function shown(
  shows: MysqlShow['shows'],
  isFull: boolean,
  lexemes: readonly Lexeme[],
  start: number,
): MysqlShow | undefined {
  const first = nameAt(lexemes, start)
  if (first === undefined) return undefined
  if (lexemes[start + 1]?.text !== '.') {
    return restricted({ shows, isFull, table: first, database: undefined }, lexemes, start + 1)
  }
  const second = nameAt(lexemes, start + 2)
  return second === undefined
    ? undefined
    : restricted({ shows, isFull, table: second, database: first }, lexemes, start + 3)
}

function nameAt(lexemes: readonly Lexeme[], index: number): string | undefined {
  const lexeme = lexemes[index]
  if (lexeme?.kind !== 'word' && lexeme?.kind !== 'quoted') return undefined
  return lexeme.written
}

function restricted(show: Omit<MysqlShow, 'only'>, lexemes: readonly Lexeme[], at: number): MysqlShow | undefined {
  const rest = lexemes.slice(at)
  const [first, second, third, fourth] = rest
  if (first === undefined) return { ...show, only: undefined }
  if (show.shows === 'create') return undefined
  if (show.shows !== 'indexes' && first.text === 'like' && second?.kind === 'string' && rest.length === 2) {
    return { ...show, only: { operator: 'LIKE', value: second } }
  }
  const named = { columns: 'field', indexes: 'key_name', tables: undefined }[show.shows]
  const isNamed = first.text === 'where' && second?.text.toLowerCase() === named && third?.text === '='
  if (isNamed && fourth?.kind === 'string' && rest.length === 4) {
    return { ...show, only: { operator: '=', value: fourth } }
  }
  return undefined
}
