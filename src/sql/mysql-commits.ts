import { sqlTokens } from './sql-tokens.ts'
import { firstWords } from './sql-words.ts'

const WORDS = 4

const COMMITS = new RegExp(
  `^(?:${[
    'alter',
    // Without a table MariaDB explains the statement that follows.
    'analyze (?:local |no_write_to_binlog )?table',
    'begin(?! not\\b)',
    'cache index',
    'change (?:master|replication)',
    'check (?:table|view)',
    'clone',
    'create (?!(?:or replace )?temporary\\b)',
    'drop (?!temporary\\b)',
    'flush',
    'grant',
    'import table',
    'install',
    'load index',
    'lock (?:table|tables|instance)',
    'optimize',
    'rename',
    'repair',
    'reset (?!persist\\b)',
    'revoke',
    'set (?:session |local |@@ )?autocommit',
    'set (?:@@autocommit|password|default role)',
    'shutdown',
    'start (?:all|group_replication|replica|slave|transaction)',
    'stop (?:all|group_replication|replica|slave)',
    'truncate',
    'uninstall',
    'unlock',
  ].join('|')})`,
)

// What Knex compiles, known without being taken apart: a script has thousands of them.
const CHANGES_ROWS = /^(?:insert|update|delete|replace|select) /i
const CHANGES_SCHEMA = /^(?:alter|create (?:table|index|unique index|view)|drop (?:table|index|view)) /i

/** Whether a statement is a change of the schema that commits by itself, as far as its beginning is plain: false says nothing. */
export function changesSchemaPlainly(sql: string): boolean {
  return CHANGES_SCHEMA.test(sql)
}

/**
 * Whether MySQL or MariaDB commit with the statement whatever is open, by its first words. Tables that are temporary are
 * created and dropped within a transaction.
 */
export function commitsByItself(sql: string): boolean {
  if (CHANGES_ROWS.test(sql)) return false
  return changesSchemaPlainly(sql) || COMMITS.test(`${firstWords(sql, sqlTokens(sql, 'mysql'), WORDS).join(' ')} `)
}
