// Decided by the first word: rev does not parse SQL. What that cannot see (several statements in one string, a
// procedure that commits) is found by asking the database when the function has returned.

const STATEMENTS =
  /^(?:insert|update|delete|replace|merge|create|alter|drop|truncate|rename|grant|revoke|comment|set|reset|do|call|exec|execute|copy|lock|vacuum|analyze|reindex|cluster|refresh|begin|start|commit|rollback|savepoint|release|pragma|attach|detach|optimize|import|load|use|reassign|security|notify|flush)\s+[^\s(]/i
const WRITING_WITH = /^with\s[\s\S]*\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i

/** Whether a raw text is a statement with an effect, and not a read or a piece of another statement. */
export function isWritingStatement(sql: string): boolean {
  const text = withoutLeadingComments(sql)
  return STATEMENTS.test(text) || WRITING_WITH.test(text)
}

/** Whether the text ends or replaces the transaction that it is sent in. Savepoints do not. */
export function endsTransaction(sql: string): boolean {
  const text = withoutLeadingComments(sql)
  return /^(?:commit|end|abort|begin|start\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i.test(text)
}

/** Whether the text may hold an end of the transaction further on; true also for bodies of functions. */
export function mayEndTransaction(sql: string): boolean {
  return /;[\s\S]*\b(?:commit|end|abort|rollback)\b/i.test(sql)
}

/** What Knex itself asks SQLite beside its own open transaction; neither can do harm there. */
export function isForeignKeyPragma(sql: string): boolean {
  return /^pragma foreign_key(?:s|_check)\b/i.test(sql)
}

/** Statements that MySQL and MariaDB commit by themselves, so that stopping them half way helps nobody. */
export function isDefinition(sql: string): boolean {
  return /^(?:create|alter|drop|rename|truncate|grant|revoke|analyze|optimize)\b/i.test(withoutLeadingComments(sql))
}

function withoutLeadingComments(sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
}
