import type { PinnedConnection } from '../pinned-connection.ts'

/** What has become of the transaction of a step. `unknown` where the dialect gives no way to ask. */
export type TransactionState = 'open' | 'ended' | 'aborted' | 'unknown'

const IN_TRANSACTION = 1

/** Asks the connection for the state of its transaction. Changes nothing; an error means that the connection is gone. */
export async function transactionState(connection: PinnedConnection): Promise<TransactionState> {
  switch (connection.dialect.name) {
    case 'postgresql':
      return postgresState(connection)
    case 'mysql':
      return (await mysqlStatus(connection.raw)) ?? 'unknown'
    case 'sqlite':
      return sqliteState(connection)
    default:
      return 'unknown'
  }
}

/** A text that stays the same during one PostgreSQL transaction. */
export async function transactionMark(connection: PinnedConnection): Promise<string> {
  const { rows } = await connection.query('select transaction_timestamp()::text as mark')
  return String(rows[0]?.mark)
}

// Outside of a transaction each statement is one of its own, which began with it.
async function postgresState(connection: PinnedConnection): Promise<TransactionState> {
  try {
    const { rows } = await connection.query('select transaction_timestamp() = statement_timestamp() as alone')
    return rows[0]?.alone === true ? 'ended' : 'open'
  } catch (error) {
    if (sqlState(error) === '25P02') return 'aborted'
    throw error
  }
}

function sqlState(error: unknown): unknown {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return code === '25P02' ? code : cause?.code
}

interface MysqlConnection {
  query(sql: string, callback: (error: unknown, result: unknown) => void): void
}

// MySQL has no @@in_transaction; both servers tell it in the status flags of every answer without rows.
function mysqlStatus(raw: unknown): Promise<'open' | 'ended' | undefined> {
  return new Promise((resolve, reject) => {
    const answered = (error: unknown, result: unknown): void => {
      if (error) reject(error)
      else resolve(statusOfAnswer(result))
    }
    ;(raw as MysqlConnection).query('DO 0', answered)
  })
}

/** What the header of an answer of mysql2 or mysql says; undefined for answers with rows. */
export function statusOfAnswer(header: unknown): 'open' | 'ended' | undefined {
  const { serverStatus } = (header ?? {}) as { serverStatus?: unknown }
  if (typeof serverStatus !== 'number') return undefined
  return (serverStatus & IN_TRANSACTION) === 0 ? 'ended' : 'open'
}

async function sqliteState(connection: PinnedConnection): Promise<TransactionState> {
  const { inTransaction } = connection.raw as { inTransaction?: unknown }
  if (typeof inTransaction === 'boolean') return inTransaction ? 'open' : 'ended'
  // The sqlite3 driver does not tell: BEGIN is refused inside a transaction.
  try {
    await connection.query('BEGIN')
  } catch {
    return 'open'
  }
  await connection.query('ROLLBACK')
  return 'ended'
}
