import { hostname } from 'node:os'
import type { Database } from '../open-database.ts'
import { readEvents } from '../read-events.ts'

/** The run that is at work according to the log. */
export interface RunningRun {
  readonly runId: string
  /** `upgrade by deploy on ci-1, process 4711`. */
  readonly text: string
  /** Undefined for a script, which does not know where it runs. */
  readonly process: { readonly id: number; readonly host: string } | undefined
}

const ENDINGS = ['done', 'failed', 'interrupted']

/**
 * The newest run of the log when it has no end; an older one cannot be at work, because each begins under the lock.
 * Undefined when there is none, or the log cannot be read: this is only for telling.
 */
export async function findRunning(database: Database): Promise<RunningRun | undefined> {
  try {
    const records = (await readEvents(database, { limit: 1 })) ?? []
    const [first] = records
    if (first === undefined) return undefined
    if (records.some(({ revision, outcome }) => revision === undefined && ENDINGS.includes(outcome))) return undefined
    const { runId, what, osUser, host, processId } = first
    if (host === undefined && processId === undefined) return { runId, text: `${what} by a script`, process: undefined }
    const process = host === undefined || processId === undefined ? undefined : { id: processId, host }
    const who = `${osUser ?? 'unknown'} on ${host ?? 'unknown'}, process ${processId ?? 'unknown'}`
    return { runId, text: `${what} by ${who}`, process }
  } catch {
    // A database that is being written to may refuse to answer.
    return undefined
  }
}

/** That a process is not on this machine, in words; undefined when it is, or belongs to another machine. */
export function missingProcess(found: RunningRun['process']): string | undefined {
  const here = hostname()
  // The name that a connection carries may be cut off.
  if (found === undefined || found.host === '' || !here.startsWith(found.host)) return undefined
  try {
    process.kill(found.id, 0)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ESRCH')
      return `there is no process ${found.id} on this machine, ${here}`
  }
  return undefined
}
