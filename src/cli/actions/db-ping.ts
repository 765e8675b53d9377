import { dbPing } from '../../commands/db/ping.ts'
import { formatDbPing } from '../format/life.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await dbPing(context)
  return { result, text: formatDbPing(result, invocation.terminal.outStyle), quietText: '' }
}
