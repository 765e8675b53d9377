import { limitsFor } from '../../../database/limits/time-limit.ts'
import type { RevisionLimits } from '../../../script/revision-module.ts'
import type { ScriptFacts } from '../script-dialect.ts'

const LONGEST_MS = 2 ** 31 - 1

/** What says how long a statement waits for the lock of the file: that of the script, or of one revision. */
export function waitLine({ client, settings }: ScriptFacts, limits?: RevisionLimits): string {
  const { ms } = limitsFor(settings, {}, limits).tableLock
  const wait = ms === 0 ? LONGEST_MS : ms
  // The client would print what the PRAGMA answers.
  return client === 'sqlite3' ? `.timeout ${wait}` : `PRAGMA busy_timeout = ${wait};`
}
