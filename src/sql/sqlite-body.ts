import { firstWords } from './sql-words.ts'
import type { StatementBody } from './statement-body.ts'

/** A trigger ends with an END that stands alone between two semicolons. */
export function sqliteBody(sql: string): StatementBody {
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
