import { RevError } from '../../errors/index.ts'
import type { Database } from '../open-database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { poolSize, secondConnection } from '../second-connection.ts'

/**
 * Refuses a pooler in transaction mode (PgBouncer and its like) before the lock is asked for: there each statement may go
 * to another session of the server, so the lock would be anybody's, and would stay behind when this run is gone. A server
 * that is connected to directly is not asked for anything more than its process number. Throws REV_DATABASE_POOLED.
 */
export async function refusePooler(database: Database): Promise<void> {
  const { connection, dialect, description } = database
  if (dialect.name !== 'postgresql' || connection.joined) return
  const { processID: announced } = connection.raw as { processID?: unknown }
  const first = await backendOf(connection)
  // Who answers is who was connected to; and without room for a second connection there is no way to find out more.
  if (typeof announced !== 'number' || announced === first || poolSize(connection.client) < 2) return
  const second = secondConnection(database, 'rev lost it', () => true)
  try {
    // Two clients that wait at the same time have two sessions, unless somebody hands out the same one to both.
    const other = await backendOf(second)
    if (other === first || (await backendOf(connection)) !== first) {
      throw new RevError('REV_DATABASE_POOLED', { database: description.text })
    }
  } finally {
    await second.close()
  }
}

async function backendOf({ query }: PinnedConnection): Promise<number> {
  const { rows } = await query('select pg_backend_pid() as pid')
  return Number(rows[0]?.pid)
}
