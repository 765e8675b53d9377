// Beside the commands that ask a database, so that a script can be planned without loading what a run needs.
import type { Direction, Plan } from '../graph/plan-types.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { CommandContext } from './context.ts'

/** Which run to look ahead at. */
export interface PlanOptions {
  readonly direction: Direction
  /** Default `head` for an upgrade; the others need one. */
  readonly target?: string | readonly string[]
  /** Exactly the named revision, or a refusal that names what stands in the way. Default false. */
  readonly only?: boolean
  /** A stamp that forgets all rows first. Default false. */
  readonly purge?: boolean
}

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
