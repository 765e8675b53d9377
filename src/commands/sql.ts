import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import type { Direction, Plan } from '../graph/plan-types.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { parseRanges, parseTarget } from '../graph/target.ts'
import type { SqlClient } from '../offline/dialects/script-dialect.ts'
import { renderScript } from '../offline/render-script.ts'
import type { ScriptFile } from '../offline/script-parts.ts'
import type { CommandContext } from './context.ts'
import { makePlan, planTargets } from './make-plan.ts'
import { checkedReason } from './reason.ts'
import type { LimitOptions } from './wanted-limits.ts'
import { wantedLimits } from './wanted-limits.ts'

/** Which run to write down, and where the text goes. */
export interface SqlOptions extends LimitOptions {
  readonly direction: Direction | 'ensure-version'
  /**
   * `[START:]TARGET`; several only for a stamp. `START` may hold several rows, `a,b:heads`, or be `current`, which asks
   * the database, as a target such as `+1` does. Without one an upgrade or a stamp starts from base; a downgrade needs it.
   */
  readonly target?: string | readonly string[]
  /** Exactly the named revision, or a refusal that names what stands in the way. Default false. */
  readonly only?: boolean
  /** The `-x key=value` arguments for the revisions. */
  readonly x?: Readonly<Record<string, string>>
  /** A word for the revisions. */
  readonly tag?: string
  /** Why, in the user's words, for every event that the script writes; not for those of the way back. Default none. */
  readonly reason?: string
  /** Which program runs the script. Default: the client of its database. */
  readonly sqlClient?: SqlClient
  /** False leaves guard, lock and checks away. Default true. */
  readonly guard?: boolean
  /** Lets a first upgrade go on in a database that has tables and no version table. Default false. */
  readonly allowNonEmpty?: boolean
  /** What a read of rows does: refuse the script (`stop`), or end it there (`comment`). Default `stop`. */
  readonly onDataRead?: 'stop' | 'comment'
  /** What a single script is called. Default by its direction, such as `upgrade.sql`. */
  readonly name?: string
  /** A script of its own for each step. Default false. */
  readonly split?: boolean
  /** The way back of an upgrade, too. Default false. */
  readonly withRollback?: boolean
  /** A server on which scratch databases may be made and dropped. Default: the setting `shadowUrl`. */
  readonly shadowUrl?: string
  /**
   * Takes the script piece by piece, when all of it is known; a promise is waited for before the next piece. `file` tells
   * several scripts apart (`split`, `withRollback`).
   */
  readonly write: (text: string, file: ScriptFile) => void | Promise<void>
}

/** What the script that was written does. */
export interface SqlResult {
  readonly command: 'sql'
  readonly direction: Direction | 'ensure-version' | 'seed'
  readonly dialect: string
  /** The version rows that the script expects. */
  readonly from: readonly string[]
  /** The version rows that it leaves. */
  readonly rows: readonly string[]
  readonly steps: number
  /** The scripts that were written, in the order in which they are run; the ways back after them, in theirs. */
  readonly files: readonly ScriptFile[]
  /** The revision that a read of rows ended the script before, with `onDataRead: 'comment'`; else undefined. */
  readonly stopsBefore: string | undefined
}

/**
 * Writes what a run would do as a script; needs no database unless the start is asked for as `current`. Throws
 * REV_OFFLINE_RANGE_REQUIRED for a downgrade without a start, and the other REV_OFFLINE_* errors.
 */
export async function sql(context: CommandContext, options: SqlOptions): Promise<SqlResult> {
  const { direction, x = {}, tag, shadowUrl = context.settings.shadowUrl, target: _, only: __, ...rest } = options
  const reason = checkedReason(options.reason)
  const knexConfig: Knex.Config | undefined = context.knexConfig ?? context.knex?.client.config
  if (knexConfig === undefined) throw new RevError('REV_DATABASE_NOT_CONFIGURED', {})
  const scripts = await context.scripts()
  const { startRows, plan } = await scriptPlan(context, scripts.graph, options)
  const { dialect, revisions, rows, files, stopsBefore } = await renderScript({
    ...rest,
    direction,
    plan,
    startRows,
    scripts,
    knexConfig,
    projectDirectory: context.directory,
    settings: { ...context.settings, ...wantedLimits(options) },
    x,
    tag,
    reason,
    signal: context.signal,
    report: context.report,
    shadowUrl,
  })
  return { command: 'sql', direction, dialect, from: startRows, rows, steps: revisions.length, files, stopsBefore }
}

async function scriptPlan(
  context: CommandContext,
  graph: RevisionGraph,
  { direction, target, only = false }: SqlOptions,
): Promise<{ startRows: readonly string[]; plan: Plan }> {
  if (direction === 'ensure-version') return { startRows: [], plan: { steps: [], rows: [] } }
  const { start, targets } = parseRanges(
    planTargets(context, { direction, ...(target === undefined ? {} : { target }) }),
  )
  const startRows = await rowsAt(context, graph, direction, start, targets)
  return { startRows, plan: makePlan(graph, startRows, { direction, target: targets, only }) }
}

async function rowsAt(
  context: CommandContext,
  graph: RevisionGraph,
  direction: Direction,
  start: string | undefined,
  targets: readonly string[],
): Promise<readonly string[]> {
  if (start === 'current' || (start === undefined && targets.some(startsFromRows))) {
    const { withDatabase } = await import('../database/database.ts')
    return withDatabase(context, { readOnly: true }, async (database) => (await database.readRows()).rows)
  }
  if (start !== undefined) return graph.startingRows(start, targets)
  if (direction !== 'downgrade') return []
  const [wanted = ''] = targets
  throw new RevError('REV_OFFLINE_RANGE_REQUIRED', {
    command: 'downgrade',
    target: wanted,
    example: `rev downgrade --sql head:${wanted === '' ? 'base' : wanted}`,
  })
}

/** `+1`, `-1`, `billing@+1`: steps from wherever the database is. */
function startsFromRows(target: string): boolean {
  const { place, steps } = parseTarget(target)
  return place === undefined && steps !== 0
}
