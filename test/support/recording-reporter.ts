import type { Reporter, RevEvent } from '../../src/events.ts'

type OfType<T extends RevEvent['type']> = Extract<RevEvent, { type: T }>

/** A reporter that keeps what it hears. */
export interface RecordingReporter {
  readonly report: Reporter
  readonly events: readonly RevEvent[]
  /** The events of one type, in order. */
  of<T extends RevEvent['type']>(type: T): OfType<T>[]
}

export function recordingReporter(): RecordingReporter {
  const events: RevEvent[] = []
  return {
    report: (event) => {
      events.push(event)
    },
    events,
    of: <T extends RevEvent['type']>(type: T) => events.filter((event): event is OfType<T> => event.type === type),
  }
}
