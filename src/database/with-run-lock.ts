import { refusePooler } from './lock/refuse-pooler.ts'
import { type RunLock, takeLock } from './lock/take-lock.ts'
import type { Database } from './open-database.ts'
import { assertWritable } from './preflight.ts'
import { announceSession } from './session-settings.ts'

/** What is wanted with the lock. */
export interface RunLockOptions {
  /** How the server's administrators see the session. */
  readonly what: string
  /** Infinity to wait for as long as it takes. */
  readonly lockTimeoutMs: number
}

/**
 * Takes the lock of a run on a database that can be written to, hands both to `use`, whose signal is aborted when the lock
 * is lost, and gives the lock back in every ending. Throws what `takeLock` throws, REV_DATABASE_READ_ONLY and
 * REV_DATABASE_POOLED.
 */
export async function withRunLock<T>(
  database: Database,
  options: RunLockOptions,
  use: (database: Database, lock: RunLock) => Promise<T>,
): Promise<T> {
  await assertWritable(database)
  const hasSession = database.settings.lock !== 'lease'
  if (hasSession) await refusePooler(database)
  // What is set on a session that a pooler hands to others would be theirs.
  if (hasSession && database.owned) await announceSession(database.connection, options.what)
  if (database.owned && database.description.filename === ':memory:') {
    const message = 'the database is in memory: what is done in it is gone when this connection ends'
    database.report({ type: 'notice', code: 'REV_NOTICE_IN_MEMORY', message })
  }
  const lock = await takeLock(database, { timeoutMs: options.lockTimeoutMs })
  try {
    const signal = AbortSignal.any([database.signal, lock.lost])
    return await use({ ...database, signal }, lock)
  } finally {
    await giveBack(database, lock)
  }
}

async function giveBack({ report, connection, owned }: Database, lock: RunLock): Promise<void> {
  const ending = await lock.release()
  if (ending === 'released') return
  if (ending === 'lost') {
    const message =
      'the lock was not held by this run any more when it ended; a pooler between rev and the server may be why, or a lease that ran out'
    report({ type: 'notice', code: 'REV_NOTICE_LOCK_NOT_OURS', message })
  }
  // A connection whose lock is in doubt must not go on living in the caller's pool.
  const raw = connection.raw as { __knex__disposed?: unknown }
  if (!owned && !connection.joined) raw.__knex__disposed = 'rev could not give its lock back'
}
