import { isRevError } from '../../errors/index.ts'
import { byStep, isUnfinished, type UnfinishedStep } from '../journal/journal-entry.ts'
import { readJournal } from '../journal/journal-table.ts'
import { isByScript } from '../journal/mark-of-script.ts'
import type { Database } from '../open-database.ts'

/** What a database committed by itself of a step that is not finished. */
export interface UnfinishedWork {
  readonly direction: 'upgrade' | 'downgrade'
  /** How many of its statements are in the database for certain. */
  readonly statementsDone: number
  /** The one of which it is not known whether it is: its number, from 1, and its SQL without values. */
  readonly uncertain: { readonly statement: number; readonly sql: string } | undefined
  /** Present when a script stopped half way: statements are in the database, which of them is not known, and no run goes on. */
  readonly byScript?: true
}

/** The steps that are not finished, by revision, as the journal has them; none where it cannot be read. */
export async function readUnfinishedWork(database: Database): Promise<ReadonlyMap<string, UnfinishedWork>> {
  try {
    const steps = byStep((await readJournal(database)) ?? []).filter(isUnfinished)
    return new Map(steps.map((step) => [step.revision, toWork(step)]))
  } catch (error) {
    // What is wrong with it is a finding.
    if (!isRevError(error, 'REV_JOURNAL_TABLE') && !isRevError(error, 'REV_DATABASE_QUERY_FAILED')) throw error
    return new Map()
  }
}

function toWork(step: UnfinishedStep): UnfinishedWork {
  const { direction, entries } = step
  if (isByScript(step)) return { direction, statementsDone: 0, uncertain: undefined, byScript: true }
  const running = entries.find(({ state }) => state === 'running')
  return {
    direction,
    statementsDone: entries.filter(({ state }) => state === 'done').length,
    uncertain: running && { statement: running.number, sql: running.statement },
  }
}
