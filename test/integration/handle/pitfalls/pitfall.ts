import type { Knex } from 'knex'

/** Something that Knex by itself does otherwise than it was told, without a word. */
export interface Pitfall {
  readonly title: string
  /** SQL that makes the tables first. */
  readonly before?: readonly string[]
  readonly work: (knex: Knex) => unknown
  /** Merged into the configuration, online. */
  readonly config?: Partial<Knex.Config>
  /** What is there afterwards, by another connection; the same online and by a script. */
  readonly read?: (knex: Knex) => Promise<unknown>
  readonly gives?: unknown
  /** The words in which it is refused instead, in both modes, with nothing changed. */
  readonly refused?: RegExp
}

/** A table builder without its types. */
// biome-ignore lint/suspicious/noExplicitAny: revisions are written in plain JavaScript, too
export type Table = any
