/** The signals that end a run, with the exit code that tells them apart. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
type EndingSignal = keyof typeof EXIT_CODES

export interface SignalWatch {
  /** The exit code of the signal that came; undefined when none did. */
  exitCode(): number | undefined
  /** Leaves the signals to Node again. */
  stop(): void
}

/**
 * The first signal asks the work to stop, with its name as the reason: the statement under way is cancelled and rolled
 * back, and what was opened is closed. The second one ends the process at once; `beforeExit` is called first.
 */
export function watchSignals(
  abort: (reason: string) => void,
  say: (text: string) => void,
  beforeExit: () => void,
): SignalWatch {
  let received: EndingSignal | undefined
  const onSignal = (signal: EndingSignal): void => {
    if (received !== undefined) {
      beforeExit()
      process.exit(EXIT_CODES[signal])
    }
    received = signal
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
