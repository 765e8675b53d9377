import { writeOutput } from './own-output.ts'

/** How long the process may go on for what revisions or the knexfile left open. */
const GRACE_MS = 2_000

/**
 * Called when all work is done and all output is given. What rev opened is closed, so the process ends by itself; only
 * what the project's own code left open (a timer, a connection of its own) can hold it, and then it is ended after a
 * short while, saying so. Work that was stopped half way is not waited for.
 */
export function endProcess(options: { readonly wasStopped: boolean; say(text: string): void }): void {
  if (options.wasStopped) {
    exitWhenWritten()
    return
  }
  const timer = setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].filter((kind) => !/^(TTY|Pipe|Immediate)/.test(kind))
    options.say(
      `a revision or the knexfile left something open (${open.join(', ')}); the process is ended all the same`,
    )
    exitWhenWritten()
  }, GRACE_MS)
  // Holds nothing by itself: it only ever fires when something else does.
  timer.unref()
}

/** Ends the process as soon as both streams have handed over what was written to them. */
function exitWhenWritten(): void {
  writeOutput('', () => process.stderr.write('', () => process.exit()))
}
