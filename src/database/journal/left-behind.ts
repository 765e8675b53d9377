import type { NumberedStatement } from '../../errors/step-outcome.ts'
import type { Database } from '../open-database.ts'
import type { StepKey } from './journal-table.ts'
import { readJournal } from './journal-table.ts'
import { isMark } from './mark-of-script.ts'

/** What a step that did not come to its end has left in the database. */
export interface LeftBehind {
  /** In order. */
  readonly kept: readonly NumberedStatement[]
  /** Those of which it is not known whether they took place. */
  readonly unknown: readonly NumberedStatement[]
  /** A script has left the step half way before, and nothing is known of it but that. */
  readonly byScript: boolean
  /** An index of PostgreSQL may be there that is not valid, because building it failed. */
  readonly invalidIndex: boolean
}

const CONCURRENT_INDEX = /^\W*(?:create\s+(?:unique\s+)?|re)index\s[\s\S]*\bconcurrently\b/i

/** Reads it out of the journal; undefined when that cannot be read, because the connection is gone, for example. */
export async function readLeftBehind(
  database: Database,
  { revision, direction }: StepKey,
): Promise<LeftBehind | undefined> {
  try {
    const entries = (await readJournal(database)) ?? []
    const own = entries.filter((entry) => entry.revision === revision && entry.direction === direction)
    const inState = (wanted: string): NumberedStatement[] =>
      own
        .filter((entry) => entry.state === wanted && !isMark(entry))
        .map(({ number, statement }) => ({ number, statement }))
    const invalidIndex = inState('failed').some(({ statement }) => CONCURRENT_INDEX.test(statement))
    return { kept: inState('done'), unknown: inState('running'), byScript: own.some(isMark), invalidIndex }
  } catch {
    return undefined
  }
}
