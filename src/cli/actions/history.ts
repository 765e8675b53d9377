import { history } from '../../commands/history.ts'
import { formatHistory } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { NO_REVISIONS, noteIfEmpty } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { given } = invocation
  const range = given.text('rev-range')
  const indicateCurrent = given.flag('indicate-current')
  const { context } = await openProject(invocation, { requireKnexfile: indicateCurrent })
  const result = await history(context, { indicateCurrent, ...(range === undefined ? {} : { range }) })
  const note = range === undefined ? NO_REVISIONS : `no revision lies in the range "${range}"`
  return { result, text: formatHistory(result, lookOf(invocation)), ...noteIfEmpty(result.revisions, note) }
}
