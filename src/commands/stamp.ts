import type { CommandContext } from './context.ts'
import { type RunOptions, type RunReport, runPlan } from './run-plan.ts'

/** Where a database is said to be. */
export interface StampOptions extends Omit<RunOptions, 'singleTransaction'> {
  /** Where the database is to be; several for several branches. */
  readonly targets: readonly string[]
  /** Forget all rows first, also those that no file knows. Default false. */
  readonly purge?: boolean
}

/** What a stamp changed; no steps when the rows were right already. */
export type StampResult = RunReport<'stamp'>

/** Sets the version rows and runs nothing. */
export async function stamp(context: CommandContext, options: StampOptions): Promise<StampResult> {
  const { targets, purge = false } = options
  return runPlan(context, 'stamp', targets, (graph, rows) => graph.planStamp(rows, targets, { purge }), options)
}
