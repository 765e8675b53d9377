import { show } from '../../commands/show.ts'
import { formatShow } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const [revision = ''] = invocation.words
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await show(context, { revision })
  return { result, text: formatShow(result, lookOf(invocation)) }
}
