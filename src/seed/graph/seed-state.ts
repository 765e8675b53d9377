import type { Seed, SeedRecord } from './seed.ts'

/** How a file stands to what was recorded of it when its seed ran. */
export type FileChange = 'same' | 'edited' | 'not-comparable'

/**
 * How a seed stands in a database.
 *
 * - `new`: it never ran; `changed`: it ran, and runs again because its file was edited; `always`: it runs each time;
 *   `unfinished`: it broke off, and goes on where it was.
 * - `done`: it ran, and that is that; `edited`: it ran once, its file was edited since, and it does not run again.
 * - `elsewhere`: it does not belong into this environment.
 */
export type SeedState = PendingState | 'done' | 'edited' | 'elsewhere'

/** The states in which a seed runs by itself. */
export type PendingState = 'new' | 'changed' | 'always' | 'unfinished'

/** What the present of a seed is told from. */
export interface SeedFacts {
  readonly record: SeedRecord | undefined
  /** Compared with the record; means nothing without one. */
  readonly change: FileChange
  readonly environment: string | undefined
}

export function stateOf(seed: Seed, { record, change, environment }: SeedFacts): SeedState {
  if (!belongsHere(seed, environment)) return record === undefined ? 'elsewhere' : 'done'
  if (record === undefined) return 'new'
  if (record.state === 'unfinished') return 'unfinished'
  if (seed.mode === 'always') return 'always'
  if (change !== 'edited') return 'done'
  return seed.mode === 'onchange' ? 'changed' : 'edited'
}

/** Whether a seed runs by itself when it is in this state. */
export function isPending(state: string): state is PendingState {
  return state === 'new' || state === 'changed' || state === 'always' || state === 'unfinished'
}

/** Whether a seed may run in an environment. Where none is chosen only those may that name none. */
export function belongsHere({ environments }: Seed, environment: string | undefined): boolean {
  return environments === undefined || (environment !== undefined && environments.includes(environment))
}

const MARKS: readonly string[] = ['development', 'test', 'demo']

/** The word by which a seed is marked as nothing for a protected environment; undefined when it is not. */
export function markOf({ environments = [], tags }: Seed): string | undefined {
  return [...environments, ...tags].find((word) => MARKS.includes(word.toLowerCase()))
}
