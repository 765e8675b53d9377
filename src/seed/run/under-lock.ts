import { refusePooler } from '../../database/lock/refuse-pooler.ts'
import type { RunLock } from '../../database/lock/take-lock.ts'
import { takeLock } from '../../database/lock/take-lock.ts'
import type { Database } from '../../database/open-database.ts'
import { assertWritable } from '../../database/preflight.ts'
import { giveBack, sayUntested } from '../../database/run.ts'
import { announceSession } from '../../database/session-settings.ts'

/**
 * Takes the lock of runs, the same as for revisions, for the time of `use`. `what` is shown to the server's
 * administrators. Throws REV_DATABASE_LOCKED, REV_DATABASE_READ_ONLY, REV_DATABASE_POOLED.
 */
export async function underLock<T>(
  database: Database,
  { what, timeoutMs }: { readonly what: string; readonly timeoutMs: number },
  use: (database: Database, lock: RunLock) => Promise<T>,
): Promise<T> {
  sayUntested(database)
  await assertWritable(database)
  const hasSession = database.settings.lock !== 'lease'
  if (hasSession) await refusePooler(database)
  if (hasSession && database.owned) await announceSession(database.connection, what)
  const lock = await takeLock(database, { timeoutMs })
  try {
    return await use({ ...database, signal: AbortSignal.any([database.signal, lock.lost]) }, lock)
  } finally {
    await giveBack(database, lock)
  }
}
