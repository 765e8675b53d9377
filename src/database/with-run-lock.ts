import { refusePooler } from './lock/refuse-pooler.ts'
import { type RunLock, takeLock } from './lock/take-lock.ts'
import { assertOwn, type Meta, readMeta } from './meta-table.ts'
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
 * Takes the lock of a run on a database that can be written to and belongs to this project, hands both to `use`, with what
 * the database says of itself, and gives the lock back in every ending. The signal of the database is aborted when the lock
 * is lost. Throws what `takeLock` throws, REV_DATABASE_READ_ONLY, REV_DATABASE_POOLED, REV_DATABASE_OTHER_PROJECT and
 * REV_DATABASE_NEWER_FORMAT.
 */
export async function withRunLock<T>(
  database: Database,
  options: RunLockOptions,
  use: (database: Database, lock: RunLock, meta: Meta) => Promise<T>,
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
    const locked = { ...database, signal }
    const meta = await readMeta(locked)
    assertOwn(locked, meta)
    return await use(locked, lock, meta)
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
