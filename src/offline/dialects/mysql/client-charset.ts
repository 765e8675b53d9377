import type { SqlToken } from '../../../sql/sql-tokens.ts'

// The driver goes on in whatever the statement chooses; the text of a script is UTF-8 and stays so.
const REASON =
  'a script is UTF-8 from its first line to its last, and this would have its texts read in another character set; choose utf8mb4'

const SETS = /\bset\b/i
const NAMES_CHARSET = /\b(?:names|charset|character_set_client|character\s+set)\b/i
const CHOICE =
  /(?:^set |, ?)(?:names |charset |character set |(?:(?:session|local) |@@(?:(?:session|local) ?\. ?)?)?`?character_set_client`? ?:?= ?)(\S*)/g
// What dumps have kept in a variable is what the session had before.
const HARMLESS = /^(?:['"`]?utf8(?:mb[34])?['"`]?|@(?!@).+?)[,;]?$/

/** Cheap, for every statement: whether it is worth a closer look. */
export function mayChooseCharset(sql: string): boolean {
  return NAMES_CHARSET.test(sql) && SETS.test(sql)
}

/** Why a statement may not choose the character set in which the server reads what comes after it; undefined if it may. */
export function charsetReason(sql: string, tokens: readonly SqlToken[]): string | undefined {
  const text = tokens
    .map(({ kind, start, end }) => (kind === 'comment' ? ' ' : wordsOf(sql.slice(start, end), kind)))
    .join('')
    .replace(/\/\*M?!\d*|\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
  if (!text.startsWith('set ')) return undefined
  return [...text.matchAll(CHOICE)].some(([, value = '']) => !HARMLESS.test(value)) ? REASON : undefined
}

/** What is quoted may hold anything; only a name matters here. */
function wordsOf(text: string, kind: SqlToken['kind']): string {
  return kind === 'code' || /^\W?\w*\W?$/.test(text) ? text : "''"
}
