import { withDatabase } from '../database/database.ts'
import type { CommandContext } from './context.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

export interface ShowOptions {
  /** Any target that names revisions: an id, a part of one, a label, `heads`, `current`. */
  readonly revision: string
}

export interface ShowResult {
  readonly command: 'show'
  readonly revisions: readonly RevisionInfo[]
}

/** Everything known of the revisions that a target names; connects only for `current`. */
export async function show(context: CommandContext, options: ShowOptions): Promise<ShowResult> {
  const scripts = await context.scripts()
  const ids = await resolveNamed(context, options.revision)
  return { command: 'show', revisions: ids.map((id) => toRevisionInfo(scripts, id)) }
}

/** The ids that a target names; asks the database only when the target is about its rows. */
export async function resolveNamed(context: CommandContext, target: string): Promise<readonly string[]> {
  const { graph } = await context.scripts()
  if (!/(^|@)current\b/.test(target)) return graph.resolve(target)
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { rows } = await database.readRows()
    return graph.resolve(target, rows)
  })
}
