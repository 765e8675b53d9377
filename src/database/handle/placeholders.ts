// Knex on PostgreSQL turns every "?" of a statement into $1, $2, ... before it is sent, also one inside a literal:
// a default of 'a?b' is stored as 'a$1b'. In a statement without values no "?" can be a placeholder, so those in
// quotes are left alone; one outside of quotes is a value that was forgotten, or an operator that was not escaped.
import type { SqlFamily } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'

/** Whether a "?" of a statement for PostgreSQL stands where Knex sees a placeholder although nothing is quoted around it. */
export function hasUnquotedPlaceholder(sql: string): boolean {
  if (!sql.includes('?')) return false
  // The backslashes before it belong to the token; an odd number of them escapes.
  return [...sqlTokens(sql, 'postgresql')].some(
    ({ kind, start, end }) => kind === 'placeholder' && (end - start) % 2 === 1,
  )
}

/** A statement without values as it is meant: an escaped `\?` becomes "?", a plain one stays what it is. */
export function positionNothing(sql: string): string {
  return sql.replace(/(\\*)\?/g, (match, escapes: string) => (escapes.length % 2 === 1 ? '?' : match))
}

/** Whether a `\?` stands in a string, where it can be text as well as Knex's way to write a "?". */
export function hasEscapeInQuotes(sql: string, family: SqlFamily): boolean {
  if (!sql.includes('\\?')) return false
  return [...sqlTokens(sql, family)].some(
    ({ kind, start, end }) => kind === 'string' && ESCAPED.test(sql.slice(start, end)),
  )
}

const ESCAPED = /(?<!\\)(?:\\\\)*\\\?/

/** The statement with every `\?` in a string as the "?" that it stands for. */
export function unescapeInQuotes(sql: string, family: SqlFamily): string {
  const pieces = [...sqlTokens(sql, family)].map(({ kind, start, end }) => {
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
