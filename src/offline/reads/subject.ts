import type { SchemaRead } from './schema-read.ts'

const LONGEST = 80
// A text as rev writes it: plain, with escapes of PostgreSQL, or in bytes as for MySQL.
const TEXT = String.raw`((?:\bE|\b_utf8mb4 X)?'(?:[^']|'')*')`
const SCHEMA = new RegExp(String.raw`\btable_schema = +${TEXT}`, 'i')
const COLUMN = new RegExp(String.raw`\bcolumn_name = +${TEXT}`, 'i')
const TABLE = new RegExp(String.raw`\b(?:table_name|name) = +${TEXT}`, 'i')
const PRAGMA = /^pragma (?:main\.)?table_info\(([`"'])((?:(?!\1).|\1\1)*)\1\)$/i

/** What a read asks, in a few words on one line, for the messages of a script. Control characters are left out. */
export function subjectOf(read: SchemaRead): string {
  const text = oneLine(read.sql)
  if (read.column !== undefined) return shorten(`hasColumn "${read.column}": ${text}`)
  if (read.sees === 'existence') return shorten(lookUp(text) ?? text)
  if (read.sees === 'columns') {
    const table = tableOf(text)
    return shorten(table === undefined ? `columnInfo: ${text}` : `columnInfo ${table}`)
  }
  return shorten(text)
}

const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()

function lookUp(text: string): string | undefined {
  const table = tableOf(text)
  const column = COLUMN.exec(text)?.[1]
  if (table === undefined) return undefined
  return column === undefined ? `hasTable ${table}` : `hasColumn ${table}."${valueIn(column)}"`
}

function tableOf(text: string): string | undefined {
  const [, quote = '', argument] = PRAGMA.exec(text) ?? []
  if (argument !== undefined) return `"${argument.replaceAll(quote + quote, quote)}"`
  const schema = SCHEMA.exec(text)?.[1]
  const table = TABLE.exec(text.replace(COLUMN, ''))?.[1]
  if (table === undefined) return undefined
  return schema === undefined ? `"${valueIn(table)}"` : `"${valueIn(schema)}"."${valueIn(table)}"`
}

function valueIn(literal: string): string {
  const inner = literal.slice(literal.indexOf("'") + 1, -1)
  if (literal.startsWith('_')) return oneLine(Buffer.from(inner, 'hex').toString())
  const value = inner.replaceAll("''", "'")
  return /^e/i.test(literal) ? value.replaceAll('\\\\', '\\') : value
}

function shorten(text: string): string {
  const characters = [...text]
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 3).join('')}...`
}
