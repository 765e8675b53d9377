import type { RevisionText } from '../../support/temp-project.ts'

/** What a revision that is applied leaves in the schema, and nothing of it when it is not. */
export interface Traces {
  /** Tables with the number of rows that they are filled with. */
  readonly tables?: Readonly<Record<string, number>>
  /** Columns that hold 1 in the rows with `id <= upTo` (default: in all), and 0 in the others. */
  readonly columns?: readonly { readonly table: string; readonly column: string; readonly upTo?: number }[]
  readonly indexes?: readonly { readonly table: string; readonly name: string }[]
  readonly views?: readonly string[]
  /** Adds 1 to `v` in every row of this table. */
  readonly raises?: string
}

/** One revision of a history that was made up, with all that a check has to know of it. */
export interface PlannedRevision {
  readonly text: RevisionText
  readonly id: string
  readonly down: readonly string[]
  readonly kind: string
  /** Whether the database keeps some of it when the rest does not come about. */
  readonly commitsByItself: boolean
  /** How many rows each execution, up or down, leaves in the ledger. */
  readonly parts: number
  /** Its counters, and the number that it mixes into the chain of the lane: the result depends on the order. */
  readonly lane: string
  readonly link: number
  readonly traces: Traces
}

/** Revisions in an order in which each comes after those it stands on. The first one makes the ledger and is never reverted. */
export interface PlannedHistory {
  readonly revisions: readonly PlannedRevision[]
  readonly lanes: readonly string[]
  /** The first revision. */
  readonly base: string
  /** The only head. */
  readonly head: string
}

export const CHAIN_MODULUS = 1_000_003
export const CHAIN_FACTOR = { up: 31, down: 37 } as const
/** Rows of the table that long statements work on. */
export const BULK_ROWS = 20_000
