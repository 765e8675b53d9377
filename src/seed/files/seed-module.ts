import type { Knex } from 'knex'

/** Random numbers that are the same in every run of the same seed. */
export interface SeedRandom {
  /** A whole number made from the seed's name, for other generators: `faker.seed(context.random.seed)`. */
  readonly seed: number
  /** At least 0, less than 1. */
  next(): number
  /** A whole number; both ends are possible. */
  integer(from: number, to: number): number
  /** One of them; throws a RangeError when there are none. */
  pick<T>(choices: readonly T[]): T
  /** The same in another order. */
  shuffle<T>(items: readonly T[]): T[]
}

/** How rows are told apart, and by which handle they are written. */
export interface WriteRowsOptions<Row> {
  /** The column, or the columns, in which every row of the table differs from every other one. */
  readonly key: (keyof Row & string) | readonly (keyof Row & string)[]
  /** A transaction that the seed began itself. Default: the seed's own handle. */
  readonly knex?: Knex
}

/** What became of rows. */
export interface WrittenRows {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
}

/** Rows from anywhere: a list, a generator, a stream. */
export type RowSource<Row> = Iterable<Row> | AsyncIterable<Row>

/** The second argument of `run` and `undo`. */
export interface SeedContext {
  /** The environment that was chosen in the knexfile; undefined where it has none. */
  readonly environment: string | undefined
  /** Which SQL is spoken: `postgresql`, `mysql` (MariaDB too), `sqlite`, or Knex's own name of another client. */
  readonly dialect: string
  /** The `-x key=value` arguments; a key without a value is the empty string. */
  readonly x: Readonly<Record<string, string>>
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal
  readonly random: SeedRandom
  /** Says something to whoever watches the run. */
  log(text: string): void
  /**
   * Inserts the rows whose key the table does not hold, and changes those that differ from what it holds. Takes rows from
   * a generator or a stream as they come, so that memory stays the same. An object becomes JSON, and so does a list where
   * the database has no arrays (MySQL, SQLite). Keeps the keys of what it inserted, for `rev seed
   * undo`. Throws REV_SEED_ROWS for a key that is missing, given twice, or not unique in the table.
   */
  upsert<Row extends object>(table: string, rows: RowSource<Row>, options: WriteRowsOptions<Row>): Promise<WrittenRows>
  /** The same without changing rows that are there. */
  insertMissing<Row extends object>(
    table: string,
    rows: RowSource<Row>,
    options: WriteRowsOptions<Row>,
  ): Promise<WrittenRows>
  /**
   * Hands over `size` items at a time, and tells how far it is. In a seed with `transaction = false` each batch has a
   * transaction of its own, `knex`, and a seed that broke off goes on behind the last batch that was committed: the
   * source has to give the same items in the same order. Resolves to the number of items, those of earlier runs included.
   */
  inBatches<Item>(source: RowSource<Item>, size: number, work: (items: Item[], knex: Knex) => unknown): Promise<number>
}

/** What `run` and `undo` are. A promise that is returned is waited for; what `run` gives comes back from `rev.seed.run`. */
export type SeedFunction = (knex: Knex, context: SeedContext) => unknown

/** The checked exports of one seed file. */
export interface SeedModule {
  readonly run: SeedFunction
  /** Stands in for `run` while a script is written with `--sql`; undefined when the file has none. */
  readonly offline?: SeedFunction | undefined
  /** Undefined when the file has none: then the kept keys tell what to remove. */
  readonly undo: SeedFunction | undefined
  readonly transaction: boolean
}
