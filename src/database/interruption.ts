import { RevError } from '../errors/index.ts'

/** The error for a run that was told to stop: by a signal of the process, whose name is the reason, or by the caller. */
export function interruption(signal: AbortSignal): RevError<'REV_INTERRUPTED' | 'REV_TERMINATED'> {
  const reason: unknown = signal.reason
  if (reason === 'SIGTERM') return new RevError('REV_TERMINATED', { signal: 'SIGTERM' })
  return new RevError('REV_INTERRUPTED', { signal: typeof reason === 'string' ? reason : 'the caller' })
}
