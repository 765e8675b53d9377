import type { QueryObject } from './knex-internals.ts'

const CHANGES_ROWS =
  /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:with\b[\s\S]*\b)?(?:insert|update|delete|replace|merge)\b/i

/** How many rows a statement inserted, changed or removed, by what its driver answered; 0 where it does not say. */
export function rowsChanged({ sql, response }: Pick<QueryObject, 'sql' | 'response'>): number {
  // The answer first: most of what a revision sends changes no rows, and only the text has to be searched.
  const count = countOf(response)
  return count !== 0 && CHANGES_ROWS.test(sql) ? count : 0
}

function countOf(response: unknown): number {
  // mysql2 answers [header, columns]; better-sqlite3 the rows of a RETURNING.
  const answer = Array.isArray(response) && isCounted(response[0]) ? response[0] : response
  if (Array.isArray(answer)) return answer.length
  if (!isCounted(answer)) return 0
  const { affectedRows, rowCount, changes, command } = answer
  // What begins with WITH may be a question after all; PostgreSQL counts the rows of an answer, too.
  if (typeof command === 'string' && !/^(?:insert|update|delete|merge)$/i.test(command)) return 0
  const count = Number(affectedRows ?? rowCount ?? changes)
  return Number.isFinite(count) ? count : 0
}

interface Counted {
  readonly affectedRows?: unknown
  readonly rowCount?: unknown
  readonly changes?: unknown
  readonly command?: unknown
}

function isCounted(answer: unknown): answer is Counted {
  if (typeof answer !== 'object' || answer === null) return false
  return 'affectedRows' in answer || 'rowCount' in answer || 'changes' in answer
}
