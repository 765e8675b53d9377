import { seedStatus } from '../../commands/seed/status.ts'
import { formatSeedStatus } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { noteIfEmpty } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await seedStatus(context)
  const note = noteIfEmpty([...result.seeds, ...result.gone], 'there are no seeds yet; write one: rev seed make NAME')
  return { result, text: formatSeedStatus(result, lookOf(invocation)), ...note }
}
