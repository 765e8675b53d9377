import type { CommandContext } from './context.ts'
import { type RunOptions, type RunReport, runPlan } from './run-plan.ts'
import type { LimitOptions } from './wanted-limits.ts'

/** How far down a downgrade goes. */
export interface DowngradeOptions extends RunOptions, LimitOptions {
  /** Where to go down to: `-1`, an id, `base`, `label@base`. There is no default. */
  readonly target: string
  /** Revert exactly the named revision, or refuse and name what stands in the way. Default false. */
  readonly only?: boolean
}

/** What a downgrade did; no steps when there was nothing to do. */
export type DowngradeResult = RunReport<'downgrade'>

/**
 * Undoes what was built on the target. Nothing to do is a success with no steps. Throws as `upgrade` does, and
 * REV_IRREVERSIBLE when a revision on the way has no way back; then nothing was run.
 */
export async function downgrade(context: CommandContext, options: DowngradeOptions): Promise<DowngradeResult> {
  const { target, only = false } = options
  return runPlan(context, 'downgrade', [target], (graph, rows) => graph.planDowngrade(rows, target, { only }), options)
}
