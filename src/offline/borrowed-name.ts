import type { SqlFamily } from '../sql/sql-family.ts'
import { rowsOfResponse } from './rows-of-response.ts'
import type { Shadow } from './shadow/shadow.ts'

// The database of PGlite has a name that roles have, too; there only who asks for it is taken to have it from there.
const ASKS_FOR_NAME = /\b(?:current_database|current_catalog|database|schema)\b/i

/**
 * The name of the shadow's database, when an answer has shown it to a revision: a statement that holds it would mean a
 * database that is gone by then. Undefined when the answer shows nothing of it.
 */
export function borrowedName(shadow: Shadow, sql: string, response: unknown, family: SqlFamily): string | undefined {
  const { database } = shadow
  if (database === undefined || !(database.startsWith('rev_shadow') || ASKS_FOR_NAME.test(sql))) return undefined
  const isShown = rowsOfResponse(response, family).some((row) => Object.values(row).includes(database))
  return isShown ? database : undefined
}

/** Whether a statement holds such a name as a word of its own. */
export function usesName(sql: string, name: string): boolean {
  for (let at = sql.indexOf(name); at !== -1; at = sql.indexOf(name, at + 1)) {
    if (!/\w/.test(sql.charAt(at - 1)) && !/\w/.test(sql.charAt(at + name.length))) return true
  }
  return false
}
