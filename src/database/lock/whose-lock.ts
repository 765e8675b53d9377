import type { Database } from '../open-database.ts'
import { findRunning, missingProcess } from './find-running.ts'
import type { LockHolder } from './lock-holder.ts'

/**
 * Who holds the lock, in words: what its server says, the run of the log where that says no more, and, where it can be
 * known, that the process behind it is gone. Undefined when nothing is known.
 */
export async function holderInWords(
  database: Database,
  findHolder: () => Promise<LockHolder | undefined>,
): Promise<string | undefined> {
  const holder = await findHolder()
  const running = await findRunning(database)
  if (holder === undefined) return undefined
  const parts = [holder.text]
  // What names its process needs no other name; and the run in the log may be an older one, that was cut off.
  if (holder.process === undefined && running !== undefined && running.text !== holder.text) {
    parts.push(`the log knows ${running.text}`)
  }
  const missing = missingProcess(holder.process ?? running?.process)
  if (missing !== undefined) parts.push(`${missing}${remainder(holder)}`)
  return parts.filter((part) => part !== '').join('; ')
}

function remainder({ statement, leaseEndsInMs }: LockHolder): string {
  if (leaseEndsInMs !== undefined) return ': nobody renews the lease, it is waited for until it runs out'
  return statement === undefined ? '' : ', and the server is still at its statement'
}
