import { allSqlTokens, type SqlToken } from './sql-tokens.ts'
import { firstWords } from './sql-words.ts'

// A list of modes that is written out.
const WRITTEN_OUT = /\bsql_mode[`"]?\s*:?=\s*(?:'[\w, ]*'|"[\w, ]*")/gi

/**
 * Whether a backslash in a string may be a plain character after a statement of MySQL: it sets `sql_mode` to something that
 * is not known before it runs, or to NO_BACKSLASH_ESCAPES.
 */
export function mayMakeBackslashesPlain(sql: string): boolean {
  if (!/sql_mode/i.test(sql)) return false
  return /no_backslash_escapes/i.test(sql) || /\bsql_mode\b/i.test(sql.replace(WRITTEN_OUT, ''))
}

/** Whether a backslash stands in a string of a piece of SQL for MySQL: what it means depends on the mode. */
export function hasBackslashInQuotes(sql: string): boolean {
  return sql.includes('\\') && allSqlTokens(sql, 'mysql').some((token) => isString(token) && hasBackslash(sql, token))
}

/** Whether a whole statement may have LIKE read a backslash in a pattern: by the mode it escapes what follows, or not. */
export function mayLikeBackslashes(sql: string): boolean {
  if (!/\blike\b/i.test(sql)) return false
  const tokens = allSqlTokens(sql, 'mysql')
  if (tokens.some(({ kind, start, end }) => kind === 'code' && /\bescape\b/i.test(sql.slice(start, end)))) return false
  const [first, ...words] = firstWords(sql, tokens, 3)
  // A table that is made like another one.
  if (first === 'create' && words.includes('table')) return false
  return tokens.some(({ kind, start, end }, index) => {
    if (kind !== 'code') return false
    const code = sql.slice(start, end)
    const pattern = tokens[index + 1]
    const isPlain =
      pattern !== undefined && isString(pattern) && !hasBackslash(sql, pattern) && BEFORE_PATTERN.test(code)
    return (code.match(/\blike\b/gi)?.length ?? 0) > (isPlain ? 1 : 0)
  })
}

const BEFORE_PATTERN = /\blike\s*(?:binary\s*)?$/i
const isString = ({ kind }: SqlToken): boolean => kind === 'string'
const hasBackslash = (sql: string, { start, end }: SqlToken): boolean => sql.slice(start, end).includes('\\')
