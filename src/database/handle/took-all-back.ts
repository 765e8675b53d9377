import { commitsByItself } from '../../sql/mysql-commits.ts'
import { limitFailure } from '../limits/lock-failure.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { transactionState } from './transaction-state.ts'

/**
 * Whether MySQL or MariaDB has rolled the whole transaction back for a statement that failed in it, as it ends a deadlock,
 * and with `innodb_rollback_on_timeout` a wait: there is none any more then, and nothing of it was kept. A definition has
 * committed what was before it, and waited only then. `wasOpen`: there was one before the statement was sent.
 */
export async function tookAllBack(
  connection: PinnedConnection,
  wasOpen: boolean,
  sql: string,
  error: unknown,
): Promise<boolean> {
  if (connection.dialect.name !== 'mysql' || !wasOpen || commitsByItself(sql)) return false
  const failure = limitFailure(error)
  if (failure !== 'deadlock' && failure !== 'wait') return false
  // Without an answer there is no connection, which the next statement says better.
  return (await transactionState(connection).catch(() => 'unknown')) === 'ended'
}
