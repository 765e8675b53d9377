import { seedPlan } from '../../commands/seed/plan.ts'
import { formatSeedPlan } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { seedSelection } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await seedPlan(context, seedSelection(invocation))
  return { result, text: formatSeedPlan(result, invocation.terminal.outStyle) }
}
