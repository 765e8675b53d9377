import { writeOutput } from './own-output.ts'

/** How long the process may go on for what revisions or the knexfile left open. */
const GRACE_MS = 2_000

export interface EndOptions {
  readonly wasStopped: boolean
  /** The terminal was closed: the process then ends by that signal, which is heard no more. */
  readonly hungUp: boolean
  say(text: string): void
}

/**
 * Called when all work is done and all output is given. What rev opened is closed, so the process ends by itself; only
 * what the project's own code left open (a timer, a connection of its own) can hold it, and then it is ended after a
 * short while, saying so. Work that was stopped half way is not waited for.
 */
export function endProcess(options: EndOptions): void {
  if (options.wasStopped) {
    exitWhenWritten(options.hungUp)
    return
  }
  const timer = setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].filter((kind) => !/^(TTY|Pipe|Immediate)/.test(kind))
    options.say(
      `a revision or the knexfile left something open (${open.join(', ')}); the process is ended all the same`,
    )
    exitWhenWritten(options.hungUp)
  }, GRACE_MS)
  // Holds nothing by itself: it only ever fires when something else does.
  timer.unref()
}

/** Ends the process as soon as both streams have handed over what was written to them. */
function exitWhenWritten(hungUp: boolean): void {
  // When it exits, Node gives the terminal its settings back, and aborts where there is no terminal any more.
  const end = (): unknown => (hungUp ? process.kill(process.pid, 'SIGHUP') : process.exit())
  writeOutput('', () => process.stderr.write('', end))
}
