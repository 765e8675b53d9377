import { RevError } from '../errors/index.ts'
import { reasonOf } from '../script/reason.ts'

export interface StrayWatch {
  /** What went wrong outside of the work that is waited for; undefined when nothing did. */
  error(): RevError | undefined
  /** Leaves such errors to Node again. */
  stop(): void
}

/** How long work that was stopped because nothing could wake it may take to undo and close what it had begun. */
const GRACE_MS = 1_000

/**
 * Watches for errors that nothing waits for (a promise that a revision forgot, a callback that throws) and for work that
 * can never end. Node would end the process there and then, in the middle of a step; instead the work is asked to stop,
 * so that the step is undone and everything opened is closed. `giveUp` is called when it cannot even stop.
 */
export function watchStrays(abort: (reason: string) => void, giveUp: (error: RevError) => void): StrayWatch {
  let found: RevError | undefined
  const onError = (thrown: unknown): void => {
    found ??= new RevError('REV_PROCESS_ESCAPED_ERROR', { reason: reasonOf(thrown) }, { cause: thrown }) as RevError
    abort('an error that nothing waits for')
  }
  // Nothing is left that could wake the process, and the work is not done.
  let grace: NodeJS.Timeout | undefined
  const onIdle = (): void => {
    const error = found ?? (new RevError('REV_PROCESS_NEVER_SETTLED', {}) as RevError)
    found = error
    grace ??= setTimeout(() => giveUp(error), GRACE_MS)
    abort('work that never ends')
  }
  process.on('unhandledRejection', onError)
  process.on('uncaughtException', onError)
  process.on('beforeExit', onIdle)
  return {
    error: () => found,
    stop: () => {
      clearTimeout(grace)
      process.off('unhandledRejection', onError)
      process.off('uncaughtException', onError)
      process.off('beforeExit', onIdle)
    },
  }
}
