import { current } from '../../commands/current.ts'
import { formatCurrent } from '../format/listings.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await current(context, { checkHeads: invocation.given.flag('check-heads') })
  return { result, text: formatCurrent(result, lookOf(invocation)), ...noteOf(result) }
}

function noteOf({ exists, rows, database }: Awaited<ReturnType<typeof current>>): { note?: string } {
  if (!exists) return { note: `${database} has no version table yet: nothing was applied by rev` }
  if (rows.length === 0) return { note: `${database} is at base: no revision is applied` }
  return {}
}
