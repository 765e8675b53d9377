import { isRevError, RevError } from '../errors/index.ts'
import { toLoggedState } from './integrity/logged-state.ts'
import type { Database } from './open-database.ts'
import { type EventRecord, readEvents } from './read-events.ts'

/**
 * Refuses to begin at the base when the version table has no rows although the log has revisions that were applied and
 * neither taken back nor stamped away since: whoever took the rows out did not take out what they stand for. Without a log
 * nothing is refused. Throws REV_DATABASE_VERSION_TABLE.
 */
export async function assertNotEmptied(database: Database): Promise<void> {
  const { upgraded } = toLoggedState((await recordsOf(database)) ?? [])
  const [last, ...more] = [...upgraded].filter(([, { stampedSince }]) => !stampedSince).reverse()
  if (last === undefined) return
  const [revision] = last
  const who = more.length === 0 ? `"${revision}" was` : `"${revision}" and ${more.length} more were`
  const finding = `it has no rows, although by the log ${who} applied and never taken back; rev stamp puts rows back, and rev upgrade --allow-non-empty begins at the base all the same`
  const { tables, description } = database
  throw new RevError('REV_DATABASE_VERSION_TABLE', {
    table: tables.version.text,
    database: description.text,
    finding,
  })
}

// A log of another shape is told where it is needed, and it is not needed here.
async function recordsOf(database: Database): Promise<readonly EventRecord[] | undefined> {
  try {
    return await readEvents(database)
  } catch (error) {
    if (isRevError(error, 'REV_DATABASE_EVENT_TABLE')) return undefined
    throw error
  }
}
