import { isRevError, RevError } from '../errors/index.ts'

/**
 * The error for a run that was told to stop: by a signal of the process, whose name is the reason, by the caller, or
 * because it lost its lock: then that error itself.
 */
export function interruption(
  signal: AbortSignal,
): RevError<'REV_INTERRUPTED' | 'REV_TERMINATED' | 'REV_DATABASE_LOCK_LOST'> {
  const reason: unknown = signal.reason
  if (isRevError(reason, 'REV_DATABASE_LOCK_LOST')) return reason
  if (reason === 'SIGTERM' || reason === 'SIGHUP') return new RevError('REV_TERMINATED', { signal: reason })
  return new RevError('REV_INTERRUPTED', { signal: typeof reason === 'string' ? reason : 'the caller' })
}
