import type { RunningProcess } from '../support/run-cli.ts'

/** One line of `--log-format json`. */
export interface LogEvent {
  readonly event: string
  readonly code?: string
  readonly revision?: string
  readonly message?: string
  readonly statement?: number
}

/** The arguments that make a process say each thing it does. */
export const LOUD = ['--log-format', 'json', '--verbose']

/** Hears what a process says, as it says it. */
export function onEvent(running: RunningProcess, hear: (event: LogEvent) => void): void {
  let rest = ''
  running.process.stderr?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = toEvent(line)
      if (event !== undefined) hear(event)
    }
  })
}

/** What a process that has ended had said. */
export const eventsIn = (stderr: string): LogEvent[] =>
  stderr.split('\n').flatMap((line) => {
    const event = toEvent(line)
    return event === undefined ? [] : [event]
  })

function toEvent(line: string): LogEvent | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    // A process that was killed may leave half a line.
    return undefined
  }
}
