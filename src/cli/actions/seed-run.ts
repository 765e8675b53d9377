import { seedRun } from '../../commands/seed/run.ts'
import { formatSeedRun } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { seedSelection, seedWriteOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const options = { ...seedSelection(invocation), ...seedWriteOptions(invocation.given) }
  const done = await seedRun(context, options)
  // What a seed gives back may be anything, a secret too, and is for programs.
  const result = { ...done, seeds: done.seeds.map(({ value: _, ...seed }) => seed) }
  return { result, text: formatSeedRun(result, invocation.terminal.outStyle), quietText: '' }
}
