import { allSqlTokens } from '../../../sql/sql-tokens.ts'

/** SQL without comments and without quoted text, but with quoted names. */
export function bareSql(sql: string): string {
  let text = ''
  for (const { kind, start, end } of allSqlTokens(sql, 'postgresql')) {
    if (kind === 'comment') text += ' '
    else text += kind === 'string' ? "''" : sql.slice(start, end)
  }
  return text.trim()
}
