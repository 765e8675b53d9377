import { withDatabase } from '../database/database.ts'
import { findRunning, missingProcess } from '../database/lock/find-running.ts'
import type { LockHolder } from '../database/lock/lock-holder.ts'
import { seeLock } from '../database/lock/see-lock.ts'
import { readEvents } from '../database/read-events.ts'
import type { CommandContext } from './context.ts'
import { type LogRun, toRuns } from './log-run.ts'

/** Who holds the lock of the project's version table. */
export interface LockResult {
  readonly command: 'lock'
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** The version table that the lock belongs to. */
  readonly table: string
  /** Undefined where it cannot be known: then `unknown` says why. */
  readonly held: boolean | undefined
  readonly unknown: string | undefined
  /** What the server says; undefined when nobody holds it, and on SQLite, where a file is locked by nobody in particular. */
  readonly holder: LockHolder | undefined
  /** The newest run of the log, when the lock is held and that run has no end: most likely the one that holds it. */
  readonly run: Omit<LogRun, 'events'> | undefined
  /** That its process is not there any more, where that can be known: it ran on this very machine. */
  readonly gone: string | undefined
}

/**
 * Who holds the lock now, or that nobody does. Takes it from nobody, creates nothing, and needs neither rev's tables nor
 * revision files.
 */
export async function lock(context: CommandContext): Promise<LockResult> {
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { held, holder, unknown } = await seeLock(database)
    const running = held ? await findRunning(database) : undefined
    // A connection that names its own process is believed before the log, whose newest run may have been cut off.
    const isOther = holder?.process !== undefined && running?.process?.id !== holder.process.id
    const records = running === undefined || isOther ? [] : await readEvents(database, { run: running.runId })
    const { events: _, ...run } = toRuns(records ?? [])[0] ?? { events: [] }
    return {
      command: 'lock',
      database: database.description.text,
      table: database.tables.version.text,
      held,
      unknown,
      holder,
      run: 'runId' in run ? run : undefined,
      gone: held ? missingProcess(holder?.process ?? running?.process) : undefined,
    }
  })
}
