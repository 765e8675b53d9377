import { seedClean } from '../../commands/seed/undo.ts'
import { formatSeedUndo } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { seedCleanOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await seedClean(context, seedCleanOptions(invocation))
  return { result, text: formatSeedUndo(result, invocation.terminal.outStyle), quietText: '' }
}
