import type { Database } from '../open-database.ts'

/** Takes away what an unfinished attempt has left, and says so. */
export async function dropLeftovers(database: Database, revision: string, leftovers: readonly string[]): Promise<void> {
  for (const sql of leftovers) {
    const message = `an index that stands in the way of "${revision}", because it was not finished and is not valid, is taken away: ${sql}`
    database.report({ type: 'notice', code: 'REV_NOTICE_INVALID_INDEX', message })
    await database.connection.query(sql)
  }
}
