import type { RunningProcess } from '../../support/run-cli.ts'
import { onEvent } from '../log-events.ts'
import type { Random } from '../random.ts'

/** When a process is killed: so long after it has said something for the nth time. */
export interface Moment {
  /** An event of `--log-format json --verbose`; `start` is the start of the process itself. */
  readonly event: 'start' | 'lock:taken' | 'run:start' | 'step:start' | 'statement' | 'step:done'
  readonly nth: number
  readonly delayMs: number
}

/**
 * A moment that may be anywhere in the first `steps` steps of a run, its start included; most of them in the midst of
 * the work.
 */
export function randomMoment(random: Random, steps: number): Moment {
  const dice = random.integer(1, 100)
  if (dice <= 8) return { event: 'start', nth: 1, delayMs: random.integer(50, 600) }
  if (dice <= 14) return { event: 'lock:taken', nth: 1, delayMs: random.integer(0, 30) }
  if (dice <= 20) return { event: 'run:start', nth: 1, delayMs: random.integer(0, 20) }
  if (dice <= 40) return { event: 'step:start', nth: random.integer(1, steps), delayMs: random.integer(0, 12) }
  if (dice <= 55) return { event: 'step:done', nth: random.integer(1, steps), delayMs: random.integer(0, 4) }
  return { event: 'statement', nth: random.integer(1, steps * 4), delayMs: random.integer(0, 40) }
}

export const describeMoment = ({ event, nth, delayMs }: Moment): string => `${delayMs} ms after ${event} no. ${nth}`

/** Does something at this moment of a process, unless it has ended before. */
export function atMoment(running: RunningProcess, { event: wanted, nth, delayMs }: Moment, strike: () => void): void {
  let seen = 0
  // A timer of 0 ms would be one of 1 ms.
  const begin = (): void => {
    if (delayMs === 0) strike()
    else setTimeout(strike, delayMs)
  }
  if (wanted === 'start') begin()
  onEvent(running, ({ event }) => {
    if (event !== wanted) return
    seen++
    if (seen === nth) begin()
  })
}
