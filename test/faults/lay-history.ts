import type { Field } from './field.ts'
import { type Expectation, expectationOf } from './history/expectation.ts'
import { planHistory, writeHistory } from './history/plan-history.ts'
import { disturbedPass, type PassOptions } from './pass.ts'
import type { Random } from './random.ts'

/** Writes a history of so many revisions into the project, and tells what is to be expected of it. */
export function layHistory({ db, project }: Field, random: Random, size: number): Expectation {
  const history = planHistory(db.dialect, random, { size })
  writeHistory(project, history)
  return expectationOf(history)
}

export interface HistoryOptions extends Omit<PassOptions, 'expected' | 'way'> {
  readonly random: Random
  readonly size: number
  readonly ways: readonly PassOptions['way'][]
}

/** Takes a history of its own up and down, disturbed in each pass. */
export async function disturbedHistory({ random, size, ways, ...options }: HistoryOptions): Promise<void> {
  const expected = layHistory(options.field, random, size)
  for (const way of ways) await disturbedPass({ ...options, expected, way })
}
