import { isRevError } from '../../errors/index.ts'
import { type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import { invalidIndexes } from '../journal/indexes.ts'
import { byStep, isUnfinished } from '../journal/journal-entry.ts'
import { readJournal } from '../journal/journal-table.ts'
import { isByScript } from '../journal/mark-of-script.ts'
import { seeLock } from '../lock/see-lock.ts'
import type { Database } from '../open-database.ts'

/** Steps that stopped half way, and indexes of PostgreSQL that were not finished. Reads only. */
export async function compareJournal(database: Database): Promise<IntegrityFinding[]> {
  // A SQLite file that is not there.
  if (database.connection.raw === undefined) return []
  return [...(await findUnfinished(database)), ...(await findInvalidIndexes(database))]
}

async function findUnfinished(database: Database): Promise<IntegrityFinding[]> {
  try {
    const steps = byStep((await readJournal(database)) ?? []).filter(isUnfinished)
    if (steps.length === 0) return []
    // Whoever holds the lock is at it.
    const isAtWork = (await seeLock(database)).held === true
    return steps.map((step) => {
      const { revision, direction, entries } = step
      if (!isAtWork && isByScript(step)) return integrityFindings.unfinishedByScript({ revision, direction })
      const count = (wanted: string): number => entries.filter(({ state }) => state === wanted).length
      return integrityFindings.unfinished({
        revision,
        direction,
        done: count('done'),
        unknown: count('running'),
        isAtWork,
      })
    })
  } catch (error) {
    if (isRevError(error, 'REV_JOURNAL_TABLE')) return [integrityFindings.journalColumns(error.details)]
    if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) throw error
    // Somebody who may only look at the rest.
    return [integrityFindings.journalHidden({ table: database.tables.step.text, reason: error.details.reason })]
  }
}

async function findInvalidIndexes({ connection }: Database): Promise<IntegrityFinding[]> {
  const found = await invalidIndexes(connection)
  return found
    .filter(({ isBuilding }) => !isBuilding)
    .map(({ sql, table }) => integrityFindings.invalidIndex({ index: sql, table }))
}
