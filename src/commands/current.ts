import { withDatabase } from '../database/database.ts'
import { RevError } from '../errors/index.ts'
import type { CommandContext } from './context.ts'
import { knownRows } from './known-rows.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** What `current` insists on. */
export interface CurrentOptions {
  /** Fail with REV_CHECK_NOT_AT_HEADS unless the database is at the effective heads. */
  readonly checkHeads?: boolean
}

/** Where a database stands, in its own rows and in what the files know of them. */
export interface CurrentResult {
  readonly command: 'current'
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** False when there is no version table yet. */
  readonly exists: boolean
  /** The rows of the version table, as they are. */
  readonly rows: readonly string[]
  /** The rows that the files know, and the tips that those imply through dependencies. */
  readonly revisions: readonly RevisionInfo[]
  /** Rows that no file knows: the database is ahead of these files, or on another branch. */
  readonly unknown: readonly string[]
  /** The effective heads of the files. */
  readonly heads: readonly string[]
  readonly atHeads: boolean
}

/** Where the database stands. Creates nothing, and works on any database, also one that is ahead of the files. */
export async function current(context: CommandContext, options: CurrentOptions = {}): Promise<CurrentResult> {
  const scripts = await context.scripts()
  const { graph } = scripts
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { exists, rows } = await database.readRows()
    const known = knownRows(database, scripts, rows)
    const unknown = rows.filter((row) => !known.includes(row))
    const heads = graph.effectiveHeads()
    const atHeads = unknown.length === 0 && sameMembers(rows, heads)
    const name = database.description.text
    if (options.checkHeads && !atHeads)
      throw new RevError('REV_CHECK_NOT_AT_HEADS', { database: name, rows, heads, unknown })
    return {
      command: 'current',
      database: name,
      exists,
      rows,
      revisions: graph.current(known).map((id) => toRevisionInfo(scripts, id, rows)),
      unknown,
      heads,
      atHeads,
    }
  })
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((member) => other.includes(member))
}
