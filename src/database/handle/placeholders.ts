// Knex on PostgreSQL turns every "?" of a statement into $1, $2, ... before it is sent, also one inside a literal:
// a default of 'a?b' is stored as 'a$1b'. Those in quotes and comments are left alone; one outside of them in a
// statement without values is a value that was forgotten, or an operator that was not escaped.
import type { SqlFamily } from '../../sql/sql-family.ts'
import { allSqlTokens } from '../../sql/sql-tokens.ts'

/** Whether a "?" of a statement for PostgreSQL stands where Knex sees a placeholder although nothing is quoted around it. */
export function hasUnquotedPlaceholder(sql: string): boolean {
  if (!sql.includes('?')) return false
  // The backslashes before it belong to the token; an odd number of them escapes.
  return allSqlTokens(sql, 'postgresql').some(
    ({ kind, start, end }) => kind === 'placeholder' && (end - start) % 2 === 1,
  )
}

/** A statement without values as it is meant: an escaped `\?` becomes "?", a plain one stays what it is. */
export function positionNothing(sql: string): string {
  return sql.replace(/(\\*)\?/g, (match, escapes: string) => (escapes.length % 2 === 1 ? '?' : match))
}

/** A statement with values, its placeholders as `$1`, `$2`, ...; what stands in quotes and comments stays as it is meant. */
export function positionPlaceholders(sql: string): string {
  let count = 0
  const pieces = allSqlTokens(sql, 'postgresql').map(({ kind, start, end }) => {
    const text = sql.slice(start, end)
    if (kind !== 'placeholder') return positionNothing(text)
    if (text.length % 2 === 0) return '?'
    count += 1
    return `$${count}`
  })
  return pieces.join('')
}

/** Whether something is quoted, or a comment, in which a "?" could stand; names with one in them included. */
export function mayQuotePlaceholder(sql: string): boolean {
  return /['$]|--|\/\*|"[^",()]*\?[^",()]*"/.test(sql)
}

/** Whether a `\?` stands in a string, where it can be text as well as Knex's way to write a "?". */
export function hasEscapeInQuotes(sql: string, family: SqlFamily): boolean {
  if (!sql.includes('\\?')) return false
  return allSqlTokens(sql, family).some(
    ({ kind, start, end }) => kind === 'string' && ESCAPED.test(sql.slice(start, end)),
  )
}

const ESCAPED = /(?<!\\)(?:\\\\)*\\\?/

/** The statement with every `\?` in a string as the "?" that it stands for. */
export function unescapeInQuotes(sql: string, family: SqlFamily): string {
  const pieces = allSqlTokens(sql, family).map(({ kind, start, end }) => {
    const text = sql.slice(start, end)
    return kind === 'string' ? positionEscaped(text) : text
  })
  return pieces.join('')
}

function positionEscaped(text: string): string {
  return text.replace(/(\\*)\?/g, (match, escapes: string) =>
    escapes.length % 2 === 1 ? `${escapes.slice(1)}?` : match,
  )
}
