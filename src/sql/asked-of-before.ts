import { splitStatements } from './split-statements.ts'
import type { SqlFamily } from './sql-family.ts'
import { sqlWords } from './sql-words.ts'

const FUNCTIONS: Readonly<Record<SqlFamily, readonly string[]>> = {
  postgresql: [],
  mysql: ['row_count', 'found_rows'],
  sqlite: ['changes', 'last_insert_rowid', 'total_changes'],
}
const MAY_ASK = /(?:row_count|found_rows|changes|last_insert_rowid)\s*\(/i
// What is stored asks it of the session in which it is run.
const STORES = /^(?:create|alter) (?!(?:or replace )?(?:temporary |temp )?table\b)/

/**
 * The function by which a text asks about the statement that was sent before it: how many rows that changed or found, or
 * which key it was given; undefined for none. Not LAST_INSERT_ID of MySQL, which tells of the last insert that made a key.
 */
export function askedOfBefore(sql: string, family: SqlFamily): string | undefined {
  if (!MAY_ASK.test(sql)) return undefined
  for (const { tokens } of splitStatements(sql, family)) {
    const words = [...sqlWords(sql, tokens)]
    if (STORES.test(words.join(' '))) continue
    // With something between the parentheses it is a table: insert into changes (id).
    const isCall = (at: number): boolean => words[at + 1] === '(' && words[at + 2] === ')'
    const found = FUNCTIONS[family].find((name) => words.some((word, at) => word === name && isCall(at)))
    if (found !== undefined) return found
  }
  return undefined
}
