import { allSqlTokens } from '../../../sql/sql-tokens.ts'

/**
 * Whether what follows on the same line would be part of a comment. Two dashes in quotes are none: a line end behind them
 * would become part of the definition of an index or a view, which a run keeps without it.
 */
export function endsInLineComment(sql: string): boolean {
  if (!/--[^\n]*$/.test(sql)) return false
  const last = allSqlTokens(sql, 'sqlite').at(-1)
  return last?.kind === 'comment' && sql.startsWith('--', last.start)
}
