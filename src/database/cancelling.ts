import type { InternalClient } from './handle/knex-internals.ts'
import { interruption } from './interruption.ts'
import type { PinnedConnection } from './pinned-connection.ts'

/**
 * Waits for statements of rev itself, which are cancelled where the server can do that once they are told to stop. Nothing is
 * begun after that. Throws REV_INTERRUPTED, or why the lock was lost; what came to its end all the same is told as done.
 */
export async function cancelling<T>(
  { client, raw }: PinnedConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw interruption(signal)
  const canceller = client as unknown as InternalClient
  let cancelled: Promise<unknown> | undefined
  const cancel = (): void => {
    if (canceller.canCancelQuery === true) cancelled = canceller.cancelQuery(raw).catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? interruption(signal) : error
  } finally {
    signal.removeEventListener('abort', cancel)
    // It must not reach what is sent next.
    await cancelled
  }
}
