import { withDatabase } from '../database/database.ts'
import type { CommandContext } from './context.ts'
import { knownRows } from './known-rows.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** Which part of history, and whether to ask the database about it. */
export interface HistoryOptions {
  /** `[start]:[end]`, both included; either may be `current`. Default everything. */
  readonly range?: string
  /** Ask the database, and mark its rows. */
  readonly indicateCurrent?: boolean
}

/** The revisions of a range; empty when nothing lies in it. */
export interface HistoryResult {
  readonly command: 'history'
  /** Newest first. */
  readonly revisions: readonly RevisionInfo[]
  /** The database that was asked; undefined when none was. */
  readonly database: string | undefined
}

/**
 * Lists the revisions; connects only to mark the current ones or when the range names `current`. Throws REV_GRAPH_* for
 * a range that means nothing here.
 */
export async function history(context: CommandContext, options: HistoryOptions = {}): Promise<HistoryResult> {
  const scripts = await context.scripts()
  if (!options.indicateCurrent && !namesCurrent(options.range)) {
    const ids = scripts.graph.history(options.range)
    return { command: 'history', revisions: ids.map((id) => toRevisionInfo(scripts, id)), database: undefined }
  }
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { rows } = await database.readRows()
    const ids = scripts.graph.history(options.range, knownRows(database, scripts, rows))
    return {
      command: 'history',
      revisions: ids.map((id) => toRevisionInfo(scripts, id, rows)),
      database: database.description.text,
    }
  })
}

function namesCurrent(range: string | undefined): boolean {
  return range?.split(':').some((end) => /(^|@)current([+-]\d+)?$/.test(end)) ?? false
}
