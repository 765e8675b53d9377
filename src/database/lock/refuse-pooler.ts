import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import type { Database } from '../open-database.ts'

type Client = Knex.Client & {
  readonly pool?: { readonly max?: number }
  query(raw: unknown, query: object): Promise<unknown>
}

/**
 * Refuses a pooler in transaction mode (PgBouncer and its like) before the lock is asked for: there each statement may go
 * to another session of the server, so the lock would be anybody's, and would stay behind when this run is gone. A server
 * that is connected to directly is not asked for anything more than its process number. Throws REV_DATABASE_POOLED.
 */
export async function refusePooler({ connection, dialect, description }: Database): Promise<void> {
  if (dialect.name !== 'postgresql' || connection.joined) return
  const { processID: announced } = connection.raw as { processID?: unknown }
  const client = connection.client as Client
  const first = await backendOf(client, connection.raw)
  // Who answers is who was connected to; and without room for a second connection there is no way to find out more.
  if (typeof announced !== 'number' || announced === first || (client.pool?.max ?? 1) < 2) return
  const second: unknown = await client.acquireConnection()
  try {
    // Two clients that wait at the same time have two sessions, unless somebody hands out the same one to both.
    const other = await backendOf(client, second)
    if (other === first || (await backendOf(client, connection.raw)) !== first) {
      throw new RevError('REV_DATABASE_POOLED', { database: description.text })
    }
  } finally {
    await client.releaseConnection(second)
  }
}

async function backendOf(client: Client, raw: unknown): Promise<number> {
  const answer = await client.query(raw, {
    sql: 'select pg_backend_pid() as pid',
    bindings: [],
    method: 'raw',
    options: {},
  })
  const { rows } = (answer as { response: { rows: readonly { pid: unknown }[] } }).response
  return Number(rows[0]?.pid)
}
