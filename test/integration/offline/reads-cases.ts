import type { Knex } from 'knex'

/** A read of the schema and a change of exactly what it asks. */
export interface ReadCase {
  /** Raw SQL, or what a revision would call. */
  readonly ask: string | ((knex: Knex) => PromiseLike<unknown>)
  readonly change: readonly string[]
  /** What takes the change back where DDL is not transactional. */
  readonly undo?: readonly string[]
}

/** A schema, how to make a database with it look as if it had lived, and reads of it. */
export interface ReadCases {
  readonly schema: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly cases: readonly ReadCase[]
}
