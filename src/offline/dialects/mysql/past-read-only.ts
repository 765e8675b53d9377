import { sqlTokens } from '../../../sql/sql-tokens.ts'
import { sqlWords } from '../../../sql/sql-words.ts'
import { GO } from './go-on.ts'
import { execute } from './sql-text.ts'

// Cheap, for every statement of a revision.
const MAY_GET_PAST = /\b(?:global|persist|persist_only|outfile|dumpfile|flush|kill|shutdown|change)\b/i

const BY_FIRST_WORD: ReadonlySet<string> = new Set(['flush', 'kill', 'shutdown', 'change'])
const QUERIES: ReadonlySet<string> = new Set(['select', 'with', 'table', 'values', '('])

/**
 * Whether a session that is read-only carries a statement out all the same: settings of the server, files that the
 * server writes, and what is said to the server as a whole.
 */
export function getsPastReadOnly(sql: string): boolean {
  if (!MAY_GET_PAST.test(sql)) return false
  const [first = '', ...words] = sqlWords(sql, sqlTokens(sql, 'mysql'))
  if (BY_FIRST_WORD.has(first)) return true
  if (first === 'set') return words.some((word) => /^(?:@@)?(?:global|persist|persist_only)$/.test(word))
  return QUERIES.has(first) && words.some((word, at) => words[at - 1] === 'into' && /^(?:out|dump)file$/.test(word))
}

/** The statement, for a script whose session says that all went well until here; else nothing is done. */
export function whileGoing(sql: string): string {
  // Not as hexadecimal digits, which nobody can review; a backslash is always one that escapes in a guarded session.
  const text = sql.replaceAll('\\', '\\\\').replaceAll("'", "''")
  return execute(`IF(@rev_go = ${GO}, '${text}', ${GO})`)
}
