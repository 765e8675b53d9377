import type { PinnedConnection } from '../pinned-connection.ts'

const NAME = 'rev_own'

/** A transaction of rev's own SQL, committed when `use` resolves; a savepoint where one is open already. */
export async function inOwnTransaction<T>(
  connection: PinnedConnection,
  nested: boolean,
  use: () => Promise<T>,
): Promise<T> {
  await connection.query(nested ? `SAVEPOINT ${NAME}` : beginStatement(connection))
  try {
    const value = await use()
    await connection.query(nested ? `RELEASE SAVEPOINT ${NAME}` : 'COMMIT')
    return value
  } catch (error) {
    // The first error counts: a lost connection has rolled back by itself.
    await connection.query(nested ? `ROLLBACK TO SAVEPOINT ${NAME}` : 'ROLLBACK').catch(() => {})
    throw error
  }
}

export function beginStatement(connection: PinnedConnection): string {
  if (connection.dialect.name === 'sqlite') return 'BEGIN IMMEDIATE'
  return connection.dialect.name === 'mssql' ? 'BEGIN TRANSACTION' : 'START TRANSACTION'
}
