import { TokenReader } from '../../script/source-tokens.ts'
import { stringLiteralValue } from '../../script/string-literal.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { nameWords } from '../../sql/statement-names.ts'

// Names, as far as their texts say them; for advice alone, never to decide by.

const TOKENS_KEPT = 16
const WRITERS: ReadonlySet<string> = new Set(['upsert', 'insertMissing', 'batchInsert', 'into'])

/** The tables that code says it inserts into: `upsert('users', ...)`, `knex('users').insert(...)`. */
export function tablesOfCode(text: string): string[] {
  const found = new Set<string>()
  const reader = new TokenReader(text)
  let last: readonly string[] = []
  let table: string | undefined
  for (reader.next(); reader.kind !== 'end' && reader.kind !== 'unknown'; reader.next()) {
    const { kind, text: token } = reader
    if (kind === 'string' && last.at(-1) === '(') {
      table = stringLiteralValue(token)
      if (table !== undefined && WRITERS.has(calledName(last))) found.add(table)
    } else if (token === 'insert' && last.slice(-2).join('') === ').' && table !== undefined) found.add(table)
    else if (kind === 'name' && token !== 'insert') table = undefined
    last = [...last.slice(-TOKENS_KEPT), token]
  }
  return [...found]
}

/** The name in front of the bracket that tokens end with, and of its type arguments: `upsert<City>(`. */
function calledName(tokens: readonly string[]): string {
  const before = tokens.at(-2) ?? ''
  return before === '>' ? (tokens[tokens.lastIndexOf('<') - 1] ?? '') : before
}

/** The tables that SQL inserts into. */
export function tablesOfSql(text: string, family: SqlFamily): string[] {
  const words = nameWords(text, family)
  return words.flatMap(({ text: word, isQuoted }, at) => {
    if (isQuoted || word !== 'into' || !/^(?:insert|ignore|replace)$/.test(words[at - 1]?.text ?? '')) return []
    const [first, dot, second] = words.slice(at + 1, at + 4)
    const name = dot?.text === '.' ? second : first
    return name === undefined ? [] : name.name
  })
}

/** Whether two names mean the same table, as far as names alone can tell: without quotes, schema and case. */
export function isSameTable(one: string, other: string): boolean {
  const plain = (name: string): string => (name.split('.').at(-1) ?? '').replaceAll(/["`[\]]/g, '').toLowerCase()
  return plain(one) === plain(other)
}
