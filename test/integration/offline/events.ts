import type { TestDatabase } from '../../support/databases.ts'

const COLUMNS = [
  'what',
  'revision',
  'outcome',
  'rows_before',
  'rows_after',
  'checksum',
  'statements',
  'tool_version',
  'database_user',
]

/** What rev's event log says about what was done, in the order of the runs; without what differs from run to run. */
export async function eventsOf(db: TestDatabase): Promise<Record<string, unknown>[]> {
  return db.knex()('rev_event').select(COLUMNS).orderBy(['started_at', 'seq'])
}
