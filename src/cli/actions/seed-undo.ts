import { seedUndo } from '../../commands/seed/undo.ts'
import { formatSeedUndo } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { seedCleanOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { given, words, terminal } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const chosen = { names: words, scenarios: given.list('scenario') }
  const result = await seedUndo(context, { ...seedCleanOptions(invocation), ...chosen })
  return { result, text: formatSeedUndo(result, terminal.outStyle), quietText: '' }
}
