import { dbCreate } from '../../commands/db/create.ts'
import { formatDbCreate } from '../format/life.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await dbCreate(context)
  return { result, text: formatDbCreate(result, invocation.terminal.outStyle), quietText: '' }
}
