import type { SchemaRead } from './schema-read.ts'

const LONGEST = 80

/** What a read asks, in a few words on one line, for the messages of a script. Control characters are left out. */
export function subjectOf(read: SchemaRead): string {
  const text = read.sql
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  if (read.column !== undefined) return shorten(`hasColumn "${read.column}": ${text}`)
  if (read.sees === 'existence') return shorten(lookUp(text) ?? text)
  if (read.sees === 'columns') return shorten(`columnInfo: ${text}`)
  return shorten(text)
}

function lookUp(text: string): string | undefined {
  const schema = /\btable_schema = '([^']*)'/i.exec(text)?.[1]
  const column = /\bcolumn_name = '([^']*)'/i.exec(text)?.[1]
  const table = /\b(?:table_name|name) = '([^']*)'/i.exec(text.replace(/\bcolumn_name = '[^']*'/i, ''))?.[1]
  if (table === undefined) return undefined
  const name = schema === undefined ? `"${table}"` : `"${schema}"."${table}"`
  return column === undefined ? `hasTable ${name}` : `hasColumn ${name}."${column}"`
}

function shorten(text: string): string {
  const characters = [...text]
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 3).join('')}...`
}
