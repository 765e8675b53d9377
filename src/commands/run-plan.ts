import { type Database, withDatabase } from '../database/database.ts'
import { assertTimeable } from '../database/limits/run-limits.ts'
import { planRun } from '../database/plan-run.ts'
import { type RunResult, run } from '../database/run.ts'
import { RevError } from '../errors/index.ts'
import type { Plan } from '../graph/plan-types.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { toMilliseconds } from '../script/duration.ts'
import { findCheckedOutCommit } from '../script/git-commit.ts'
import type { CommandContext } from './context.ts'
import { guardOf } from './databases/requirement-guard.ts'
import { checkedReason } from './reason.ts'
import { tellEdited } from './tell-edited.ts'
import { type LimitOptions, wantedLimits } from './wanted-limits.ts'

/** What every command that writes understands. */
export interface RunOptions {
  /** The `-x key=value` arguments for the revisions. Default none. */
  readonly x?: Readonly<Record<string, string>>
  /** A word for the revisions. Default none. */
  readonly tag?: string
  /** Why, in the user's words, for every event of the run. Default none. */
  readonly reason?: string
  /** One transaction around the whole run, where the database can. Default false: one for each revision. */
  readonly singleTransaction?: boolean
  /** How long to wait for the lock: milliseconds, or text such as `60s`. Default: the setting. */
  readonly lockTimeout?: number | string
  /** Wait for the lock as long as it takes; not together with `lockTimeout`. Default false. */
  readonly wait?: boolean
}

/** What a run did. */
export interface RunReport<C extends string> extends RunResult {
  readonly command: C
  /** The targets as they were understood. */
  readonly target: readonly string[]
  /** Which database, without its secrets. */
  readonly database: string
}

/** The one way from a command to the database: plan from the rows, lock, plan again, run. */
export async function runPlan<C extends 'upgrade' | 'downgrade' | 'stamp'>(
  context: CommandContext,
  command: C,
  target: readonly string[],
  makePlan: (graph: RevisionGraph, rows: readonly string[]) => Plan,
  options: RunOptions &
    LimitOptions & {
      readonly allowNonEmpty?: boolean
      readonly purge?: boolean
      readonly onFailure?: 'stop' | 'downgrade'
    },
): Promise<RunReport<C>> {
  const reason = checkedReason(options.reason)
  const commit = findCheckedOutCommit(context.directory)
  const scripts = await context.scripts()
  const runOptions = {
    direction: command,
    plan: (rows: readonly string[]) => makePlan(scripts.graph, rows),
    scripts,
    x: options.x ?? {},
    tag: options.tag,
    singleTransaction: options.singleTransaction ?? false,
    lockTimeoutMs: lockTimeoutOf(context, command, options),
    limits: wantedLimits(options),
    allowNonEmpty: options.allowNonEmpty ?? command !== 'upgrade',
    purge: options.purge ?? false,
    onFailure: options.onFailure ?? 'stop',
    ...guardOf(context, command, scripts),
  }
  const isWorthCreating = (absent: Database): boolean => {
    const { steps } = planRun(absent, runOptions, [])
    assertTimeable(absent, runOptions.limits, steps)
    return steps.length > 0
  }
  return withDatabase(context, { readOnly: false, isWorthCreating }, async (database) => {
    const gitCommit = await commit
    const result = await run(database, { ...runOptions, facts: { gitCommit, reason } })
    if (command === 'upgrade' && result.steps.length === 0) await tellEdited(database, scripts, result.rows)
    return { command, target, database: database.description.text, ...result }
  })
}

/** How long a command waits for the lock, in milliseconds. Throws REV_USAGE_CONFLICTING_OPTIONS. */
export function lockTimeoutOf(
  { settings }: CommandContext,
  command: string,
  { wait, lockTimeout }: Pick<RunOptions, 'wait' | 'lockTimeout'>,
): number {
  if (wait && lockTimeout !== undefined) {
    const reason = 'one waits for ever, the other for a time'
    throw new RevError('REV_USAGE_CONFLICTING_OPTIONS', { command, options: ['wait', 'lockTimeout'], reason })
  }
  if (wait) return Number.POSITIVE_INFINITY
  return lockTimeout === undefined ? settings.lockTimeoutMs : toMilliseconds(lockTimeout)
}
