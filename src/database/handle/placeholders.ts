// Knex on PostgreSQL turns every "?" of a statement into $1, $2, ... before it is sent, also one inside a literal:
// a default of 'a?b' is stored as 'a$1b'. In a statement without values no "?" can be a placeholder, so those in
// quotes are left alone; one outside of quotes is a value that was forgotten, or an operator that was not escaped.
import { sqlTokens } from '../../sql/sql-tokens.ts'

/** Whether a "?" stands where Knex sees a placeholder although nothing is quoted around it. */
export function hasUnquotedPlaceholder(sql: string): boolean {
  if (!sql.includes('?')) return false
  for (const { kind, start, end } of sqlTokens(sql, 'postgresql')) {
    // With the backslashes before it: an odd number of them makes it a plain question mark.
    if (kind === 'placeholder' && (end - start) % 2 === 1) return true
  }
  return false
}

/** A statement without values as it is meant: an escaped `\?` becomes "?", a plain one stays what it is. */
export function positionNothing(sql: string): string {
  return sql.replace(/(\\*)\?/g, (match, escapes: string) => (escapes.length % 2 === 1 ? '?' : match))
}
