import type { Knex } from 'knex'

/** How `context.inBatches` goes over the rows. */
export interface BatchOptions {
  /**
   * The columns by which it goes, in this order; together they tell every row of the table from every other one, and an
   * index on them makes each batch as cheap as the first. Default `id`.
   */
  readonly key?: string | readonly string[]
  /** Rows in a batch; a whole number from 1. Default 1000. */
  readonly size?: number
  /** How long to leave the database alone between two batches, in milliseconds. Default 0. */
  readonly pauseMs?: number
  /**
   * What these batches are called in the journal and in progress. Needed only where a function calls `inBatches` under a
   * condition: without a name it is told apart by its place among the calls. Default: the table.
   */
  readonly name?: string
  /** How many rows there are, for the progress; undefined to count them where that is cheap. */
  readonly total?: number
}

/**
 * Goes over the rows of a table, or of a query of Knex without order and limit, in the order of a key, and hands them to
 * `work` batch by batch. In a revision without a transaction each batch is one, `trx`, in which how far the batches are is
 * written down: a run that breaks off goes on behind the last batch that was committed. In one with a transaction all of
 * them are a part of it. Resolves to the number of rows, those of earlier runs included. Throws REV_BATCH_KEY,
 * REV_BATCH_PLACE, REV_BATCH_OVERTAKEN, and what `work` throws.
 */
export type InBatches = <Row extends object = Record<string, unknown>>(
  source: string | PromiseLike<readonly Row[]>,
  options: BatchOptions,
  work: (rows: Row[], trx: Knex) => unknown,
) => Promise<number>
