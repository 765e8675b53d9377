import type { Database } from '../database/database.ts'
import { compareFiles } from '../database/integrity/compare-files.ts'
import { toLoggedState } from '../database/integrity/logged-state.ts'
import { readEvents } from '../database/read-events.ts'
import { isRevError } from '../errors/index.ts'
import type { RevisionScripts } from '../script/revision-script.ts'

const NAMED_FILES = 5

/**
 * Names, as a notice, applied files whose code was edited since: who upgrades, and finds nothing to do, may have made the
 * change in the wrong place. Stops nothing, whatever it finds, and whatever fails.
 */
export async function tellEdited(database: Database, scripts: RevisionScripts, rows: readonly string[]): Promise<void> {
  // A question that fails would end the caller's transaction.
  if (database.connection.joined) return
  try {
    const records = await readEvents(database)
    if (records === undefined) return
    const { findings } = compareFiles(scripts, scripts.graph.applied(rows), toLoggedState(records))
    const edited = findings.filter(({ isFault }) => isFault)
    if (edited.length === 0) return
    const names = edited.slice(0, NAMED_FILES).map(({ file, revision }) => file ?? revision)
    const more = edited.length > NAMED_FILES ? ` and ${edited.length - NAMED_FILES} more` : ''
    const message = `edited after it was applied, and not run again: ${names.join(', ')}${more}; write a change as a new revision (rev check --db says more)`
    database.report({ type: 'notice', code: 'REV_NOTICE_EDITED', message })
  } catch (error) {
    if (!isRevError(error)) throw error
  }
}
