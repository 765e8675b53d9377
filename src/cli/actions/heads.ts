import { heads } from '../../commands/heads.ts'
import { formatHeads } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await heads(context, { resolveDependencies: invocation.given.flag('resolve-dependencies') })
  const note = 'there are no revisions yet; write one: rev revision -m "message"'
  return {
    result,
    text: formatHeads(result, lookOf(invocation)),
    ...(result.revisions.length === 0 ? { note } : {}),
  }
}
