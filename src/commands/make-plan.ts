// Beside the commands that ask a database, so that a script can be planned without loading what a run needs.
import type { Plan } from '../graph/plan-types.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { CommandContext } from './context.ts'
import type { PlanOptions } from './plan.ts'

/** The targets as typed; none means `head`, and that is said aloud. */
export function upgradeTargets(context: CommandContext, target: string | readonly string[] | undefined): string[] {
  if (typeof target === 'string') return [target]
  if (target !== undefined && target.length > 0) return [...target]
  context.report({
    type: 'notice',
    code: 'REV_NOTICE_DEFAULT_TARGET',
    message: 'no target was given: upgrading to head',
  })
  return ['head']
}

/** The targets of any direction as a list. */
export function planTargets(context: CommandContext, options: Pick<PlanOptions, 'direction' | 'target'>): string[] {
  if (options.direction === 'upgrade') return upgradeTargets(context, options.target)
  return typeof options.target === 'string' ? [options.target] : [...(options.target ?? [])]
}

/** One plan of any direction. */
export function makePlan(
  graph: RevisionGraph,
  rows: readonly string[],
  options: Omit<PlanOptions, 'target'> & { readonly target: readonly string[] },
): Plan {
  const { direction, target, only = false, purge = false } = options
  if (direction === 'upgrade') return graph.planUpgrade(rows, target, { only })
  if (direction === 'stamp') return graph.planStamp(rows, target, { purge })
  return graph.planDowngrade(rows, target[0] ?? '', { only })
}
