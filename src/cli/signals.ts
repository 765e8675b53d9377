/**
 * The signals that end a run, with the exit code that tells them apart. SIGHUP has no exception for `nohup`: Node itself
 * takes back that it is ignored, before anything of rev runs.
 */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
type EndingSignal = keyof typeof EXIT_CODES

// npm, npx and `timeout` hand a signal on that a terminal has sent to all of them already: that is still one signal.
const ONE_SIGNAL_MS = 300

export interface SignalWatch {
  /** The exit code of the signal that came; undefined when none did. */
  exitCode(): number | undefined
  /** Leaves the signals to Node again. */
  stop(): void
}

/**
 * The first signal asks the work to stop, with its name as the reason: the statement under way is cancelled and rolled
 * back, and what was opened is closed. A second one, not just an echo of the first, ends the process at once; `beforeExit` is called first.
 */
export function watchSignals(
  abort: (reason: string) => void,
  say: (text: string) => void,
  beforeExit: () => void,
): SignalWatch {
  let received: EndingSignal | undefined
  let receivedAt = 0
  const onSignal = (signal: EndingSignal): void => {
    if (received !== undefined) {
      // Of a terminal that is closed the kernel and the shell tell, each in its own time, and nobody is impatient.
      if (signal === 'SIGHUP') return
      if (performance.now() - receivedAt < ONE_SIGNAL_MS) return
      beforeExit()
      process.exit(EXIT_CODES[signal])
    }
    received = signal
    receivedAt = performance.now()
    say(`${signal}: stopping, and undoing what can be undone; once more ends the process at once`)
    abort(signal)
  }
  const names = Object.keys(EXIT_CODES) as EndingSignal[]
  for (const name of names) process.on(name, onSignal)
  return {
    exitCode: () => (received === undefined ? undefined : EXIT_CODES[received]),
    stop: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
