import { lock } from '../../commands/lock.ts'
import { formatLock } from '../format/lock.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await lock(context)
  return { result, text: formatLock(result, lookOf(invocation)) }
}
