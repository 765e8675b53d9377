import type { InternalClient } from '../handle/knex-internals.ts'
import { interruption } from '../interruption.ts'
import type { Database } from '../open-database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

/**
 * Sends the statements of something that must not go on once it is told to stop: the one under way is cancelled where the
 * server can do that, and none is sent any more. Then it throws REV_INTERRUPTED, or why the lock was lost. What has to be
 * sent all the same, such as ROLLBACK, goes through the connection itself.
 */
export function stoppable({ connection, signal }: Pick<Database, 'connection' | 'signal'>): PinnedConnection['query'] {
  const client = connection.client as unknown as InternalClient
  return async (sql, bindings) => {
    if (signal.aborted) throw interruption(signal)
    let cancelling: Promise<unknown> | undefined
    const cancel = (): void => {
      if (client.canCancelQuery === true) cancelling = client.cancelQuery(connection.raw).catch(() => undefined)
    }
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await connection.query(sql, bindings)
    } catch (error) {
      throw signal.aborted ? interruption(signal) : error
    } finally {
      signal.removeEventListener('abort', cancel)
      // It must not reach what is sent next.
      await cancelling
    }
  }
}
