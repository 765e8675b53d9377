import { commitsByItself } from '../sql/mysql-commits.ts'
import { sqlTokens } from '../sql/sql-tokens.ts'
import { firstWords } from '../sql/sql-words.ts'

const WORDS = 3
// Cheap, for the statements of which there are many.
const ONLY_ROWS = /^\s*(?:insert|update|delete|replace)\b/i

/**
 * MySQL: whether a run would be within a transaction at this place. A script opens its own where they are of use, so that
 * more can be undone by it than by a run, and the refusals of a run have to go by this.
 */
export class RunTransaction {
  #state: 'open' | 'ended' | 'unknown' = 'ended'

  /** As the driver tells it with each answer; undefined where only the server would know. */
  get serverStatus(): number | undefined {
    return { open: 1, ended: 0, unknown: undefined }[this.#state]
  }

  begin(): void {
    this.#enter('open')
  }

  end(): void {
    this.#enter('ended')
  }

  statement(sql: string): void {
    if (ONLY_ROWS.test(sql)) return
    const words = firstWords(sql, sqlTokens(sql, 'mysql'), WORDS).join(' ')
    // Without autocommit each statement begins one.
    if (/^set\b/.test(words) && /\bautocommit\b/i.test(sql)) this.#state = 'unknown'
    else if (/^(?:begin(?! not\b)|start transaction\b)/.test(words)) this.begin()
    else if (/^(?:commit|rollback(?! (?:work )?to\b))/.test(words) || commitsByItself(sql)) this.end()
  }

  /** Whether the statement needs a savepoint, of which a run has none. */
  missesSavepoint(sql: string): boolean {
    if (this.#state !== 'ended' || ONLY_ROWS.test(sql)) return false
    const words = firstWords(sql, sqlTokens(sql, 'mysql'), WORDS).join(' ')
    return /^(?:release savepoint|rollback (?:work )?to)\b/.test(words)
  }

  #enter(state: 'open' | 'ended'): void {
    if (this.#state !== 'unknown') this.#state = state
  }
}
