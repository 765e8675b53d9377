// By the error, because that passes through Knex and through whatever the revision does with it.
const attempts = new WeakMap<object, number>()

/** Remembers how often what failed with this error was tried. */
export function noteAttempts(error: unknown, count: number): void {
  if (typeof error === 'object' && error !== null) attempts.set(error, count)
}

const MOST_CAUSES = 10

/** How often it was tried; 1 for an error that nothing is known of. */
export function attemptsOf(error: unknown): number {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < MOST_CAUSES; depth += 1) {
    const count = attempts.get(at)
    if (count !== undefined) return count
    at = (at as { cause?: unknown }).cause
  }
  return 1
}
