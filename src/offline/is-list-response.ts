import type { SqlFamily } from '../sql/sql-family.ts'
import { sqlTokens } from '../sql/sql-tokens.ts'

/** What decides on the form of an answer. */
interface AnsweredQuery {
  readonly sql: string
  readonly method?: string | undefined
  readonly returning?: unknown
}

/** Whether Knex would answer a statement that is no read with an array; else it is a number or an object. */
export function isListResponse({ sql, method, returning }: AnsweredQuery, count: number, family: SqlFamily): boolean {
  const isChange = method === 'update' || method === 'del' || method === 'counter'
  // Rows and fields, or the id that was given; what RETURNING would say, MySQL does not know.
  if (family === 'mysql') return !isChange
  const isOfRows = returning !== undefined && (method === 'insert' || isChange)
  if (family === 'postgresql') return isOfRows || (method === 'raw' && count > 1)
  if (method === 'insert' || (isOfRows && method === 'update')) return true
  return !isChange && returnsRows(sql)
}

function returnsRows(sql: string): boolean {
  if (!/\breturning\b/i.test(sql)) return false
  for (const { kind, start, end } of sqlTokens(sql, 'sqlite')) {
    if (kind === 'code' && /\breturning\b/i.test(sql.slice(start, end))) return true
  }
  return false
}
