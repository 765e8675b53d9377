import { cancelling } from '../cancelling.ts'
import type { Database } from '../open-database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

/**
 * Sends the statements of something that must not go on once it is told to stop: the one under way is cancelled, and none is
 * sent any more. What has to be sent all the same, such as ROLLBACK, goes through the connection itself.
 */
export function stoppable({ connection, signal }: Pick<Database, 'connection' | 'signal'>): PinnedConnection['query'] {
  return (sql, bindings) => cancelling(connection, signal, () => connection.query(sql, bindings))
}
