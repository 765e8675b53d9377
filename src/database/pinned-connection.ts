import type { Knex } from 'knex'
import type { DialectFacts } from './dialect.ts'

/** What one statement gave back. */
export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[]
  /** Rows changed; undefined where the driver does not say. */
  readonly affected: number | undefined
}

/**
 * One physical connection, held from the first statement of a run to the last: it carries the lock and every step, so
 * that losing it means losing the lock.
 */
export interface PinnedConnection {
  readonly dialect: DialectFacts
  /** The client whose pool, or transaction, the connection came from. */
  readonly client: Knex.Client
  /** The driver's own connection object. */
  readonly raw: unknown
  /** True when the caller handed in a transaction: then rev never begins, commits or rolls back the outermost one. */
  readonly joined: boolean
  /**
   * rev's own SQL: `?` placeholders, sent as it is past the project's `postProcessResponse` and `wrapIdentifier`, which
   * would rename the columns that rev reads.
   */
  query(sql: string, bindings?: readonly unknown[]): Promise<StatementResult>
}
