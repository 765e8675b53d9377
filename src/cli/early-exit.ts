import { RevError } from '../errors/index.ts'

/**
 * Watches for `process.exit()` in a revision, the knexfile or a package while the work goes on: nobody else would say
 * that the work is not done, and with exit code 0 a deployment would go on as if it were. `say` is told once, as the last
 * thing that this process does. The answer ends the watch, when the work is over or rev itself ends the process.
 */
export function watchEarlyExit(say: (error: RevError) => void): () => void {
  const onExit = (exitCode: number): void => say(new RevError('REV_PROCESS_EXITED', { exitCode }) as RevError)
  process.on('exit', onExit)
  return () => void process.off('exit', onExit)
}
