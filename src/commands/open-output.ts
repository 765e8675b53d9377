import { interruption } from '../database/interruption.ts'
import { pause } from '../database/limits/pause.ts'
import { openSqlFiles, type SqlFiles } from '../script/write-sql-file.ts'

/** How often a full pipe is tried again. */
const REST_MS = 10

/** Files for SQL that give up waiting for the reader of a pipe when the signal comes: REV_INTERRUPTED or REV_TERMINATED. */
export function openOutput(signal: AbortSignal): SqlFiles {
  return openSqlFiles(async () => {
    await pause(REST_MS, signal)
    if (signal.aborted) throw interruption(signal)
  })
}
