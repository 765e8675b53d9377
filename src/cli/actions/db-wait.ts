import { dbWait } from '../../commands/db/wait.ts'
import { formatDbWait } from '../format/life.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { timeOf } from './run-options.ts'

export const run: Action = async (invocation) => {
  const timeout = invocation.given.text('timeout')
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await dbWait(context, timeout === undefined ? {} : { timeout: timeOf(timeout) })
  return { result, text: formatDbWait(result, invocation.terminal.outStyle), quietText: '' }
}
