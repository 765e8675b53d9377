import type { SqlFamily } from '../../sql/sql-family.ts'
import { type SqlTokenKind, sqlTokens } from '../../sql/sql-tokens.ts'
import { escaped, textOnOneLine, UNSAFE } from './text-on-one-line.ts'

/**
 * A read that `lexemesOf` accepts as one line without comments and semicolon, to stand inside of other SQL; undefined when
 * quoted text in it would not survive that: a name with a line break, or with the end of the block that checks stand in.
 */
export function oneLineSql(sql: string, family: SqlFamily): string | undefined {
  let line = ''
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const text = sql.slice(start, end)
    if (kind === 'semicolon') break
    if (kind === 'comment') line = `${line.trimEnd()} `
    else if (kind === 'code') line += code(line.endsWith(' ') ? text.trimStart() : text, family)
    else {
      const quoted = quotedOnOneLine(text, kind, line, family)
      if (quoted === undefined) return undefined
      // psql puts a variable in place of `:"name"`.
      line += /(?<!:):$/.test(line) ? ` ${quoted}` : quoted
    }
  }
  return line.trim()
}

function quotedOnOneLine(text: string, kind: SqlTokenKind, before: string, family: SqlFamily): string | undefined {
  if (text.startsWith('$')) return undefined
  if (text.search(UNSAFE) === -1) return text
  if (kind !== 'string' || !text.startsWith("'")) return undefined
  const inner = text.slice(1, -1)
  if (family === 'postgresql' && /(?<![\w$\u0080-\uffff])E$/i.test(before)) {
    // Parts that are joined over lines are not one text; nor is a backslash at the end of a line part of what it escapes.
    const isOne = !inner.replace(/\\[^\p{Cc}\u2028\u2029]|''/gu, '').match(/['\\]/)
    return isOne ? `'${inner.replace(UNSAFE, escaped)}'` : undefined
  }
  // What stands right before it says how it is read, and so does a backslash on MySQL.
  if (/[\w$&\u0080-\uffff]$/.test(before) || (family === 'mysql' && inner.includes('\\'))) return undefined
  return textOnOneLine(inner.replaceAll("''", "'"), family)
}

// It does so for `:name`, too; the space keeps the slice of an array what it is.
function code(text: string, family: SqlFamily): string {
  const spaced = text.replace(/\s+/g, ' ')
  return family === 'postgresql' ? spaced.replace(/(?<!:):(?=[A-Za-z_{])/g, ': ') : spaced
}
