import type { SqlFamily } from '../../sql/sql-family.ts'
import type { Database } from '../open-database.ts'
import type { EntryFacts } from './journal-table.ts'
import type { Replay } from './replay.ts'

/** What one step has to know of the journal that it is carried out with. */
export interface StepJournalOptions {
  readonly database: Database
  readonly family: SqlFamily
  readonly facts: EntryFacts
  /** Whether the function got a transaction that ends with the version rows. */
  readonly transaction: boolean
  /** What is done already; goes on behind it. Undefined for a step that begins. */
  readonly replay: Replay | undefined
  /** The number of the last statement that is done. */
  readonly lastNumber: number
  /** An earlier attempt, up to this number, that is to be forgotten when the new one has done something; 0 for none. */
  readonly forgets: number
  /** Writes nothing, because a transaction around the step takes everything back or keeps everything. */
  readonly isSilent: boolean
}
