import type { QueryObject } from './knex-internals.ts'

/** What keeps a record of the statements that are committed before a step is done. */
export interface StatementRecord {
  /** Whether a transaction is open, begun by Knex or by SQL of the revision; on MySQL as the server has said last. */
  readonly isOpen: boolean
  /** One after the other: between a statement and its record nothing else may be sent. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /**
   * Whether the statement was done before; then the query has its answer. `isInside`: in a transaction of Knex. Throws when
   * that cannot be told.
   */
  skip(query: QueryObject, isInside: boolean): Promise<boolean>
  /** Sends a statement together with its record. `isInside`: in a transaction of Knex. */
  statement(query: QueryObject, isInside: boolean, send: () => Promise<unknown>): Promise<unknown>
  /** Sends what Knex's transactions begin and end with, in turn. */
  control(sql: string, send: () => Promise<unknown>): Promise<unknown>
  /** Called when the database has rolled back by itself the transaction that was open. */
  givenUp(): void
  /** Called when the function has returned. Throws when something that was done before was not met again. */
  finish(): void
}
