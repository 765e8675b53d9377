import { branches } from '../../commands/branches.ts'
import { formatBranches } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await branches(context)
  return { result, text: formatBranches(result, lookOf(invocation)) }
}
