import { check } from '../../commands/check.ts'
import { formatCheck } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const base = invocation.given.text('base')
  const database = invocation.given.flag('db')
  const { context } = await openProject(invocation, { requireKnexfile: database })
  const result = await check(context, { database, ...(base === undefined ? {} : { base }) })
  return { result, text: formatCheck(result, invocation.terminal.outStyle), quietText: '' }
}
