import type { NumberedStatement } from '../../errors/step-outcome.ts'
import type { Database } from '../open-database.ts'
import type { StepKey } from './journal-table.ts'
import { readJournal } from './journal-table.ts'

/** What a step that did not come to its end has left in the database. */
export interface LeftBehind {
  /** In order. */
  readonly kept: readonly NumberedStatement[]
  /** Those of which it is not known whether they took place. */
  readonly unknown: readonly NumberedStatement[]
}

/** Reads it out of the journal; undefined when that cannot be read, because the connection is gone, for example. */
export async function readLeftBehind(
  database: Database,
  { revision, direction }: StepKey,
): Promise<LeftBehind | undefined> {
  try {
    const entries = (await readJournal(database)) ?? []
    const own = entries.filter((entry) => entry.revision === revision && entry.direction === direction)
    const inState = (wanted: string): NumberedStatement[] =>
      own.filter(({ state }) => state === wanted).map(({ number, statement }) => ({ number, statement }))
    return { kept: inState('done'), unknown: inState('running') }
  } catch {
    return undefined
  }
}
