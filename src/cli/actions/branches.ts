import { branches } from '../../commands/branches.ts'
import { formatBranches } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { noteIfEmpty } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await branches(context)
  const text = formatBranches(result, lookOf(invocation))
  return { result, text, ...noteIfEmpty(result.branchPoints, 'there is no branch point: no revision has two children') }
}
