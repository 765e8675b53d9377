import { seedStamp } from '../../commands/seed/stamp.ts'
import { formatSeedStamp } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { seedWriteOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { given, words, terminal } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const { x: _, ...options } = seedWriteOptions(given)
  const result = await seedStamp(context, { ...options, names: words })
  return { result, text: formatSeedStamp(result, terminal.outStyle), quietText: '' }
}
