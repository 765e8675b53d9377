import type { Knex } from 'knex'
import type { LoadedSeed, SeedRun } from './seed-run.ts'

/** What the helpers of one seed have done. */
export interface HelperCounts {
  /** Rows that were written through them: their keys are kept, or they were there before. */
  rows: number
  /** How far each call of `inBatches` is. */
  positions: readonly number[]
}

/** What the helpers of one seed work with. */
export interface ContextParts {
  readonly run: SeedRun
  readonly loaded: LoadedSeed
  readonly knex: Knex
  readonly counts: HelperCounts
  /** Records how far the seed is, in the transaction of the batch; only for seeds without a transaction. */
  readonly savePositions: ((positions: readonly number[]) => Promise<void>) | undefined
}
