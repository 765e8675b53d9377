// Decided by the first word of each statement in a text: rev does not parse SQL. What that cannot see (a procedure that
// commits) is found by asking the database when the function has returned. All of it is asked for every statement of a
// revision, so a text is cut into statements only when its letters say that this can matter.
import { splitStatements } from '../../sql/split-statements.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { type SqlToken, sqlTokens } from '../../sql/sql-tokens.ts'

const STATEMENTS =
  /^(?:insert|update|delete|replace|merge|create|alter|drop|truncate|rename|grant|revoke|comment|set|reset|do|call|exec|execute|copy|lock|vacuum|analyze|reindex|cluster|refresh|begin|start|commit|rollback|savepoint|release|pragma|attach|detach|optimize|import|load|use|reassign|security|notify|flush)\s+[^\s(]/i
const WRITING_WITH = /^with\s[\s\S]*\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i
const ENDS =
  /^(?:commit|end|abort|begin(?!\s+not\s+atomic)|start\s+transaction|prepare\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i
const DEFINITIONS = /^(?:create|alter|drop|rename|truncate|grant|revoke|analyze|optimize)\b/i

/** Whether a raw text is a statement with an effect, and not a read or a piece of another statement. */
export function isWritingStatement(sql: string, family: SqlFamily | undefined): boolean {
  return statementsOf(sql, family).some((text) => STATEMENTS.test(text) || WRITING_WITH.test(text))
}

/**
 * Whether the text, or the first statement of several, ends or replaces the transaction that it is sent in. Savepoints
 * do not.
 */
export function endsTransaction(sql: string, family: SqlFamily | undefined): boolean {
  return ENDS.test(withoutLeadingComments(sql, family))
}

/**
 * Whether one of several statements in the text ends the transaction; true also where that cannot be read. What stands
 * in quotes, in comments and in the bodies of functions ends nothing.
 */
export function mayEndTransaction(sql: string, family: SqlFamily | undefined): boolean {
  if (!sql.includes(';') || !/;[\s\S]*\b(?:commit|end|abort|rollback|prepare)\b/i.test(sql)) return false
  if (family === undefined) return true
  const statements = splitStatements(sql, family)
  const isUnclear = statements.some(({ tokens, isOpen }) => isOpen || tokens.some(({ open }) => open))
  return isUnclear || statements.some(({ tokens }) => ENDS.test(beginningOf(sql, tokens)))
}

/** What Knex itself asks SQLite beside its own open transaction; neither can do harm there. */
export function isForeignKeyPragma(sql: string): boolean {
  return /^pragma foreign_key(?:s|_check)\b/i.test(sql)
}

/** Statements that MySQL and MariaDB commit by themselves, so that stopping them half way helps nobody. */
export function isDefinition(sql: string, family: SqlFamily | undefined): boolean {
  return statementsOf(sql, family).some((text) => DEFINITIONS.test(text))
}

/** How each statement of a text begins. */
function statementsOf(sql: string, family: SqlFamily | undefined): string[] {
  const isOne = family === undefined || !sql.includes(';')
  if (isOne) return [withoutLeadingComments(sql, family)]
  return splitStatements(sql, family).map(({ tokens }) => beginningOf(sql, tokens))
}

function withoutLeadingComments(sql: string, family: SqlFamily | undefined): string {
  if (/^\s*\w/.test(sql)) return sql.trimStart()
  if (family === undefined) return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
  return beginningOf(sql, sqlTokens(sql, family))
}

const ENOUGH = 200

/** The first words of a statement, with a sign in place of what is quoted; all of it when it begins with WITH. */
function beginningOf(sql: string, tokens: Iterable<SqlToken>): string {
  let text = ''
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') text += ' '
    else text += kind === 'code' || kind === 'semicolon' ? sql.slice(start, end) : '"'
    if (text.length > ENOUGH && !/^\s*with\b/i.test(text)) break
  }
  // MySQL executes what stands in such a comment.
  return text.replace(/^(?:\s|\/\*M?!\d*)+/, '')
}
