import type { ScriptStatement } from './fill-placeholders.ts'

/**
 * What a truncate of Knex does beside: it empties SQLite's counters, and ignores that there may be none. A script cannot
 * ignore an error, so it makes sure that the table of counters is there: SQLite creates it with the first table that counts.
 */
export function resetCounter(sql: string): ScriptStatement[] {
  const table = /`((?:[^`]|``)+)`\s*$/.exec(sql)?.[1]?.replaceAll('``', '`')
  if (table === undefined) return []
  return [
    'CREATE TABLE rev_counter (id integer PRIMARY KEY AUTOINCREMENT)',
    'DROP TABLE rev_counter',
    `DELETE FROM sqlite_sequence WHERE name = '${table.replaceAll("'", "''")}'`,
  ].map((statement) => ({ sql: statement, hasBody: false }))
}
