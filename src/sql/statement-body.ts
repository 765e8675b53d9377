import { mysqlBody } from './mysql-body.ts'
import type { SqlFamily } from './sql-family.ts'
import type { SqlToken } from './sql-tokens.ts'
import { firstWords, sqlWords } from './sql-words.ts'

/** Follows one statement from semicolon to semicolon and knows which of them stand inside of it. */
export interface StatementBody {
  /** Reads on to the next semicolon or the end of the text. True when the statement cannot end there. */
  isInside(tokens: readonly SqlToken[]): boolean
  /** Whether it is of a kind that has a body, as far as it was read. */
  readonly isRoutine: boolean
}

const BODIES: Readonly<Record<SqlFamily, (sql: string) => StatementBody>> = {
  postgresql: postgresBody,
  mysql: mysqlBody,
  sqlite: sqliteBody,
}

/** For the next statement of `sql`. */
export function statementBody(sql: string, family: SqlFamily): StatementBody {
  return BODIES[family](sql)
}

/** The actions of a rule stand in parentheses, the statements of a function between BEGIN ATOMIC and END. */
function postgresBody(sql: string): StatementBody {
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

/** A trigger ends with an END that stands alone between two semicolons. */
function sqliteBody(sql: string): StatementBody {
  let isRoutine: boolean | undefined
  return {
    get isRoutine() {
      return isRoutine === true
    },
    isInside(tokens) {
      if (isRoutine === undefined) {
        isRoutine = isSqliteTrigger(firstWords(sql, tokens, 6))
        return isRoutine
      }
      const words = firstWords(sql, tokens, 2)
      return words[0] !== 'end' || words.length > 1
    },
  }
}

function isSqliteTrigger(words: readonly string[]): boolean {
  return /^(?:explain (?:query plan )?)?create (?:temp |temporary )?trigger\b/.test(words.join(' '))
}
