import { wait } from '../../commands/wait.ts'
import { formatWait } from '../format/lock.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { timeOf } from './run-options.ts'

export const run: Action = async (invocation) => {
  const { given, terminal } = invocation
  const targets = given.list('for')
  const timeout = given.text('timeout')
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await wait(context, {
    ...(targets.length === 0 ? {} : { for: targets }),
    ...(timeout === undefined ? {} : { timeout: timeOf(timeout) }),
  })
  return { result, text: formatWait(result, terminal.outStyle), quietText: '' }
}
