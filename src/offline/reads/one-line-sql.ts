import type { SqlFamily } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'

/**
 * A read that `lexemesOf` accepts as one line without comments and semicolon, to stand inside of other SQL; undefined when
 * quoted text in it would not survive that: a line break, or the end of the block that checks stand in.
 */
export function oneLineSql(sql: string, family: SqlFamily): string | undefined {
  let line = ''
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const text = sql.slice(start, end)
    if (kind === 'semicolon') break
    if (kind === 'comment') line = `${line.trimEnd()} `
    else if (kind === 'code') line += code(line.endsWith(' ') ? text.trimStart() : text, family)
    else {
      if (/[\p{Cc}\u2028\u2029]|\$rev\$/u.test(text) || text.startsWith('$')) return undefined
      // psql puts a variable in place of `:"name"`.
      line += /(?<!:):$/.test(line) ? ` ${text}` : text
    }
  }
  return line.trim()
}

// It does so for `:name`, too; the space keeps the slice of an array what it is.
function code(text: string, family: SqlFamily): string {
  const spaced = text.replace(/\s+/g, ' ')
  return family === 'postgresql' ? spaced.replace(/(?<!:):(?=[A-Za-z_{])/g, ': ') : spaced
}
