import { listTemplates } from '../../commands/list-templates.ts'
import { formatTemplates } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await listTemplates(context)
  return { result, text: formatTemplates(result, lookOf(invocation)) }
}
