/** Milliseconds as people say them: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A number with its noun: `1 step`, `3 steps`. */
export function count(quantity: number, one: string): string {
  return `${quantity} ${one}${quantity === 1 ? '' : 's'}`
}
