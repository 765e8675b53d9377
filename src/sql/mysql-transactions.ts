import { changesSchemaPlainly, commitsByItself } from './mysql-commits.ts'
import { sqlTokens } from './sql-tokens.ts'
import { firstWords } from './sql-words.ts'

const WORDS = 7
// Cheap, for the statements of which there are many.
const ONLY_ROWS = /^\s*(?:insert|update|delete|replace)\b/i
const BEGINS = /^(?:begin(?! not\b)|start transaction\b)/
const ENDS = /^(?:commit|rollback(?! (?:work )?to\b))\b/
const CHAINS = /^(?:commit|rollback)\b.*(?:\band chain\b|(?<!\bno )\brelease\b(?! savepoint))/

/** What a statement of MySQL or MariaDB does to the transaction that it is sent in. */
export type TransactionChange =
  | 'begins'
  | 'commits'
  | 'rolls back'
  /** With the next transaction, or the end of the session, in the same breath. */
  | 'chains'
  /** Commits by itself, and does something else beside. */
  | 'commits by itself'
  /** Needs a savepoint. */
  | 'goes back to a savepoint'
  /** Lets each statement begin a transaction, or no longer. */
  | 'sets autocommit'

/** Undefined for what leaves it as it is, such as SAVEPOINT. */
export function transactionChange(sql: string): TransactionChange | undefined {
  if (ONLY_ROWS.test(sql)) return undefined
  if (changesSchemaPlainly(sql)) return 'commits by itself'
  const words = firstWords(sql, sqlTokens(sql, 'mysql'), WORDS).slice(0, WORDS).join(' ')
  if (/^(?:release savepoint|rollback (?:work )?to)\b/.test(words)) return 'goes back to a savepoint'
  if (/^set\b/.test(words) && /\bautocommit\b/i.test(sql)) return 'sets autocommit'
  if (BEGINS.test(words)) return 'begins'
  if (CHAINS.test(words)) return 'chains'
  if (ENDS.test(words)) return words.startsWith('commit') ? 'commits' : 'rolls back'
  return commitsByItself(sql) ? 'commits by itself' : undefined
}
