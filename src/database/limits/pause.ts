import { setTimeout as wait } from 'node:timers/promises'

const FIRST_MS = 500
const LONGEST_MS = 8_000

/** How long to let the others go first before the next attempt: twice as long each time, and never quite the same. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempt - 2))
  return Math.round(most * (0.5 + random() / 2))
}

/** Waits, and says whether it was to the end: false when the signal ended it. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal })
    return true
  } catch {
    return false
  }
}
