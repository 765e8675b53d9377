import { check } from '../../commands/check.ts'
import { formatCheck } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const base = invocation.given.text('base')
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await check(context, base === undefined ? {} : { base })
  return { result, text: formatCheck(result, invocation.terminal.outStyle), quietText: '' }
}
