import { withDatabase } from '../database/database.ts'
import { assertRowsKnown } from '../database/plan-run.ts'
import type { Direction } from '../graph/plan-types.ts'
import type { Requirement } from '../script/requirements.ts'
import type { CommandContext } from './context.ts'
import { makePlan, type PlanOptions, planTargets } from './make-plan.ts'

/** One step that would run. */
export interface PlannedStep {
  readonly direction: Direction
  readonly revision: string
  readonly message: string
  readonly file: string | undefined
  /** The revisions of other databases that have to be applied before; empty when there are none, and on the way down. */
  readonly requires: readonly Requirement[]
  /** The version rows after the step. */
  readonly rows: readonly string[]
}

/** What a run would do, in order; no steps when there is nothing to do. */
export interface PlanResult {
  readonly command: 'plan'
  readonly direction: Direction
  readonly target: readonly string[]
  readonly database: string
  /** The rows now. */
  readonly before: readonly string[]
  /** The rows after all steps. */
  readonly rows: readonly string[]
  readonly steps: readonly PlannedStep[]
}

/** What a run would do now, from the rows of the database; touches nothing and takes no lock. */
export async function plan(context: CommandContext, options: PlanOptions): Promise<PlanResult> {
  return (await planAhead(context, options)).planned
}

/** A plan, and which database it is for. */
export interface PlanAhead {
  readonly planned: PlanResult
  /** The version table with its schema; undefined for a database in memory, which is there for one connection alone. */
  readonly versionTable: string | undefined
}

/** The same for one of several databases: with `byThen` not from its rows, but from those that it will have by then. */
export async function planAhead(
  context: CommandContext,
  options: PlanOptions,
  byThen?: readonly string[],
): Promise<PlanAhead> {
  const scripts = await context.scripts()
  const target = planTargets(context, options)
  return withDatabase(context, { readOnly: true }, async (database) => {
    const before = byThen ?? (await database.readRows()).rows
    // A purging stamp is the way out of rows that no file knows.
    if (!options.purge) assertRowsKnown(database, scripts, before)
    const { steps, rows } = makePlan(scripts.graph, before, { ...options, target })
    const planned: PlanResult = {
      command: 'plan',
      direction: options.direction,
      target,
      database: database.description.text,
      before,
      rows,
      steps: steps.map((step) => {
        const script = scripts.graph.has(step.revision) ? scripts.get(step.revision) : undefined
        const requires = step.direction === 'upgrade' ? (script?.requires ?? []) : []
        return { ...step, rows: step.rows, message: script?.revision.message ?? '', file: script?.file, requires }
      }),
    }
    const isMemory = /:memory:|[?&]mode=memory/.test(database.description.filename ?? '')
    return { planned, versionTable: isMemory ? undefined : database.tables.version.text }
  })
}
