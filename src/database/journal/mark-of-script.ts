import { SENT_BY_SCRIPT } from '../step-table-ddl.ts'
import type { JournalEntry, UnfinishedStep } from './journal-entry.ts'

/** Whether this is the one line that a script has for all that it sent of a step. */
export function isMark({ hash }: JournalEntry): boolean {
  return hash === SENT_BY_SCRIPT
}

/** Whether it was a script that has left a step half way: what it has done is not in the journal. */
export function isByScript({ entries }: UnfinishedStep): boolean {
  return entries.some(isMark)
}
