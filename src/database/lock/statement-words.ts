import type { SqlFamily } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'

const MOST_WORDS = 6
const LONGEST = 80

/**
 * The first words of a statement that somebody else runs: what it does and to what. It ends before the first thing that
 * may be a value (a string, a number, a placeholder), so that none is ever told. Undefined when nothing is left.
 */
export function statementWords(sql: string, family: SqlFamily): string | undefined {
  const words: string[] = []
  for (const { kind, start, end, open } of sqlTokens(sql, family)) {
    if (kind === 'comment') continue
    // What is cut off in the middle of a quote is not known to be a name.
    if ((kind !== 'code' && kind !== 'identifier') || open) return inWords(words, true)
    const text = sql.slice(start, end)
    if (kind === 'identifier') {
      words.push(text)
      continue
    }
    const value = /(?<![\w$])[\d@]|=/.exec(text)
    words.push(...(value === null ? text : text.slice(0, value.index)).split(/\s+/).filter((word) => word !== ''))
    if (value !== null) return inWords(words, true)
    if (words.length > MOST_WORDS) break
  }
  return inWords(words, false)
}

function inWords(words: readonly string[], isCut: boolean): string | undefined {
  const text = words.slice(0, MOST_WORDS).join(' ').slice(0, LONGEST)
  if (text === '') return undefined
  return isCut || words.length > MOST_WORDS || text.length === LONGEST ? `${text} ...` : text
}
