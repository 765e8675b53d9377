import type { Knex } from 'knex'
import type { RowSource } from '../files/seed-module.ts'
import type { InsertedKeys } from './kept-keys.ts'

/** One row, its values by their columns. */
export type Row = Readonly<Record<string, unknown>>

/** What one call of a helper is to write. */
export interface WriteRows {
  readonly knex: Knex
  /** Which SQL is spoken, as in the context of a seed. */
  readonly dialect: string
  readonly table: string
  readonly key: readonly string[]
  readonly rows: RowSource<object>
  /** Whether rows that are there are changed. */
  readonly changes: boolean
  /** Makes the error for rows that cannot be written. */
  fail(problem: string): Error
  /** Hears of what was inserted, right after it. */
  keep(keys: InsertedKeys): Promise<void>
}
