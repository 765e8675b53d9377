import type { PinnedConnection } from '../pinned-connection.ts'
import { suspendForeignKeys } from '../sqlite/foreign-keys.ts'
import { inOwnTransaction } from './own-transaction.ts'

/** What the steps inside have to know of the transaction around them. */
export interface OuterTransaction {
  /** SQLite: foreign keys were on and are off now. */
  readonly foreignKeysSuspended: boolean
}

const outerTransactions = new WeakMap<PinnedConnection, OuterTransaction>()

/** The transaction that `withOuterTransaction` holds open on the connection; undefined when there is none. */
export function findOuterTransaction(connection: PinnedConnection): OuterTransaction | undefined {
  return outerTransactions.get(connection)
}

/**
 * One transaction around a whole run (`--single-transaction`): every `withHandle` inside `use` becomes a savepoint of
 * it. Committed when `use` resolves, rolled back when it throws. A savepoint where a transaction is open already.
 */
export async function withOuterTransaction<T>(connection: PinnedConnection, use: () => Promise<T>): Promise<T> {
  if (connection.joined || outerTransactions.has(connection)) return inOwnTransaction(connection, true, use)
  const suspended = connection.dialect.name === 'sqlite' ? await suspendForeignKeys(connection) : undefined
  outerTransactions.set(connection, { foreignKeysSuspended: suspended?.wereOn ?? false })
  try {
    return await inOwnTransaction(connection, false, use)
  } finally {
    outerTransactions.delete(connection)
    // A connection that is gone has nothing to restore, and must not hide why.
    await suspended?.restore().catch(() => {})
  }
}
