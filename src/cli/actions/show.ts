import { show } from '../../commands/show.ts'
import { formatShow } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { noteIfEmpty } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const [revision = ''] = invocation.words
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await show(context, { revision })
  const text = formatShow(result, lookOf(invocation))
  return { result, text, ...noteIfEmpty(result.revisions, `"${revision}" names no revision`) }
}
