import { withDatabase } from '../database/database.ts'
import type { CommandContext } from './context.ts'
import { knownRows } from './known-rows.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** What to show. */
export interface ShowOptions {
  /** Any target that names revisions: an id, a part of one, a label, `heads`, `current`. */
  readonly revision: string
}

/** The revisions that a target names; empty for `base`. */
export interface ShowResult {
  readonly command: 'show'
  readonly revisions: readonly RevisionInfo[]
}

/** Everything known of the revisions that a target names; connects only for `current`. Throws REV_GRAPH_*. */
export async function show(context: CommandContext, options: ShowOptions): Promise<ShowResult> {
  const scripts = await context.scripts()
  const { ids, rows } = await resolveNamed(context, options.revision)
  return { command: 'show', revisions: ids.map((id) => toRevisionInfo(scripts, id, rows)) }
}

/** The ids that a target names; asks the database, and gives its rows, only when the target is about them. */
export async function resolveNamed(
  context: CommandContext,
  target: string,
): Promise<{ readonly ids: readonly string[]; readonly rows?: readonly string[] }> {
  const scripts = await context.scripts()
  if (!/(^|@)current([+-]\d+)?$/.test(target)) return { ids: scripts.graph.resolve(target) }
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { rows } = await database.readRows()
    return { ids: scripts.graph.resolve(target, knownRows(database, scripts, rows)), rows }
  })
}
