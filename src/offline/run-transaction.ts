import { transactionChange } from '../sql/mysql-transactions.ts'

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
    const change = transactionChange(sql)
    // Without autocommit each statement begins one.
    if (change === 'sets autocommit' || change === 'chains') this.#state = 'unknown'
    else if (change === 'begins') this.begin()
    else if (change !== undefined && change !== 'goes back to a savepoint') this.end()
  }

  /** Whether the statement needs a savepoint, of which a run has none. */
  missesSavepoint(sql: string): boolean {
    return this.#state === 'ended' && transactionChange(sql) === 'goes back to a savepoint'
  }

  #enter(state: 'open' | 'ended'): void {
    if (this.#state !== 'unknown') this.#state = state
  }
}
