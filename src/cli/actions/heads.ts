import { heads } from '../../commands/heads.ts'
import { formatHeads } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { NO_REVISIONS, noteIfEmpty } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await heads(context, { resolveDependencies: invocation.given.flag('resolve-dependencies') })
  const text = formatHeads(result, lookOf(invocation))
  return { result, text, ...noteIfEmpty(result.revisions, NO_REVISIONS) }
}
