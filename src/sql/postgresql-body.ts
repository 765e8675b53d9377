import type { SqlToken } from './sql-tokens.ts'
import { firstWords, sqlWords } from './sql-words.ts'
import type { StatementBody } from './statement-body.ts'

/** The actions of a rule stand in parentheses, the statements of a function between BEGIN ATOMIC and END. */
export function postgresqlBody(sql: string): StatementBody {
  let isRoutine: boolean | undefined
  let parentheses = 0
  let depth = 0
  const read = (words: Iterable<string>): void => {
    let before = ''
    for (const word of words) {
      if (word === '(') parentheses += 1
      else if (word === ')') parentheses = Math.max(0, parentheses - 1)
      else if (depth === 0) depth = before === 'begin' && word === 'atomic' ? 1 : 0
      else if (before !== 'as' && word === 'case') depth += 1
      else if (before !== 'as' && word === 'end') depth -= 1
      before = word
    }
  }
  return {
    get isRoutine() {
      return isRoutine === true
    },
    isInside(tokens) {
      isRoutine ??= isPostgresRoutine(firstWords(sql, tokens, 4))
      if (isRoutine) read(sqlWords(sql, tokens))
      else parentheses = parenthesesOf(sql, tokens, parentheses)
      return parentheses > 0 || depth > 0
    },
  }
}

/** Whether a statement of PostgreSQL that begins with these four words makes a function. */
export function isPostgresRoutine([create, or, replace, kind]: readonly string[]): boolean {
  return (
    create === 'create' && /^(?:function|procedure)$/.test((or === 'or' && replace === 'replace' ? kind : or) ?? '')
  )
}

function parenthesesOf(sql: string, tokens: readonly SqlToken[], open: number): number {
  let depth = open
  for (const { kind, start, end } of tokens) {
    if (kind !== 'code') continue
    for (let at = start; at < end; at++) {
      const sign = sql.charCodeAt(at)
      if (sign === 40) depth += 1
      else if (sign === 41 && depth > 0) depth -= 1
    }
  }
  return depth
}
