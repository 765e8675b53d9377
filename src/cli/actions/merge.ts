import { merge } from '../../commands/merge.ts'
import type { Action } from './action.ts'
import { newRevisionOptions, writtenOutcome } from './new-revision.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await merge(context, { ...newRevisionOptions(invocation), revisions: invocation.words })
  return writtenOutcome(invocation, result)
}
