import type { SqlFamily } from '../../sql/sql-family.ts'

/** What quoted text may not hold in SQL on one line, within the block of code that checks stand in. */
export const UNSAFE = /[\p{Cc}\u2028\u2029]|\$(?=rev\$)/gu

/** A text as a literal of SQL on one line. */
export function textOnOneLine(value: string, family: SqlFamily): string {
  return WRITERS[family](value)
}

/** A character within an `E'...'` of PostgreSQL. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`
const isUnsafe = (value: string): boolean => value.search(UNSAFE) !== -1

const WRITERS: Readonly<Record<SqlFamily, (value: string) => string>> = {
  postgresql: (value) =>
    isUnsafe(value) ? ` E${quoted(value.replaceAll('\\', '\\\\')).replace(UNSAFE, escaped)}` : quoted(value),
  // What a backslash means is a setting of the session.
  mysql: (value) =>
    isUnsafe(value) || value.includes('\\') ? ` _utf8mb4 X'${Buffer.from(value).toString('hex')}'` : quoted(value),
  sqlite: (value) => {
    if (!isUnsafe(value)) return quoted(value)
    const pieces = value.split(/([\p{Cc}\u2028\u2029]|\$(?=rev\$))/u).filter((piece) => piece !== '')
    return `(${pieces.map((piece) => (isUnsafe(piece) ? `char(${piece.charCodeAt(0)})` : quoted(piece))).join(' || ')})`
  },
}
