import type { CommandContext } from './context.ts'
import { upgradeTargets } from './make-plan.ts'
import { type RunOptions, type RunReport, runPlan } from './run-plan.ts'
import type { LimitOptions } from './wanted-limits.ts'

/** How far up an upgrade goes. */
export interface UpgradeOptions extends RunOptions, LimitOptions {
  /** Default `head`. */
  readonly target?: string | readonly string[]
  /** Run exactly the named revision, or refuse and name what stands in the way. Default false. */
  readonly only?: boolean
  /** Let the first upgrade of a database that holds tables but no version table go on. Default false. */
  readonly allowNonEmpty?: boolean
  /** After a step failed: nothing more, or downgrade what this run has done. Default: the setting, else `stop`. */
  readonly onFailure?: 'stop' | 'downgrade'
}

/** What an upgrade did; no steps when there was nothing to do. */
export type UpgradeResult = RunReport<'upgrade'>

/**
 * Goes up to the target. Nothing to do is a success with no steps. Throws REV_GRAPH_* for the target,
 * REV_DATABASE_* before anything ran, and REV_STEP_* with what was done and what was not.
 */
export async function upgrade(context: CommandContext, options: UpgradeOptions = {}): Promise<UpgradeResult> {
  const target = upgradeTargets(context, options.target)
  const only = options.only ?? false
  return runPlan(context, 'upgrade', target, (graph, rows) => graph.planUpgrade(rows, target, { only }), {
    ...options,
    onFailure: options.onFailure ?? context.settings.onFailure,
  })
}
