import type { Database } from '../open-database.ts'

/** Something in a database that can be dropped by itself. */
export interface DatabaseObject {
  /** `table`, `view`, `sequence`, `type`, `function` and the like. */
  readonly kind: string
  readonly schema: string
  /** Of a routine with the types of its arguments, where the database tells routines apart by them. */
  readonly name: string
}

/** What is to be emptied. */
export interface Emptied {
  readonly schemas: readonly string[]
  /** rev's own tables, which go along wherever they are. */
  readonly own: { readonly schema: string; readonly names: readonly string[] }
  /** A table that carries the lock of this very run; it stays. */
  readonly kept: string | undefined
}

/** How one dialect lists and drops. */
export interface ContentsOfDialect {
  list(database: Database, emptied: Emptied): Promise<readonly DatabaseObject[]>
  /** Drops all of them, or none where the database can do that. Throws REV_LIFE_OUTSIDE. */
  drop(database: Database, emptied: Emptied, objects: readonly DatabaseObject[]): Promise<void>
}
