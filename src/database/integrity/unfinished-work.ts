import type { Database } from '../open-database.ts'

/** What a database committed by itself of a step that is not finished. */
export interface UnfinishedWork {
  readonly direction: 'upgrade' | 'downgrade'
  /** How many of its statements are in the database for certain. */
  readonly statementsDone: number
  /** The one of which it is not known whether it is: its number, from 1, and its SQL without values. */
  readonly uncertain: { readonly statement: number; readonly sql: string } | undefined
}

/**
 * The steps that are not finished, by revision, as far as the database keeps a record of single statements. No table of
 * rev does so far, so that there are none.
 */
export async function readUnfinishedWork(_database: Database): Promise<ReadonlyMap<string, UnfinishedWork>> {
  return new Map()
}
