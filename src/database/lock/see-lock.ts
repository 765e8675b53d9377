import type { Database } from '../open-database.ts'
import type { LockHolder } from './lock-holder.ts'
import { findAnyHolder, knowsLock } from './look-at-lock.ts'
import { isSidecarLocked } from './sidecar.ts'

/** The lock of a version table as somebody sees it who does not take part. */
export interface LockSight {
  /** Undefined where it cannot be known. */
  readonly held: boolean | undefined
  /** Undefined when nobody holds it, and where nothing is known of who does. */
  readonly holder: LockHolder | undefined
  /** Why it cannot be known. */
  readonly unknown: string | undefined
}

/**
 * Looks at the lock without taking it. Where only trying tells (SQLite), it is tried without waiting and given back at
 * once; a lock file that is not there is not made.
 */
export async function seeLock(database: Database): Promise<LockSight> {
  const { dialect } = database
  // A SQLite file that is not there.
  if (database.connection.raw === undefined) return free
  if (dialect.lock === 'none') return unknown(`rev has no lock for ${dialect.name}`)
  if (dialect.lock === 'sidecar') {
    const held = await isSidecarLocked(database)
    return { held, holder: undefined, unknown: undefined }
  }
  if (!(await knowsLock(database))) return unknown('a standby does not know the locks of its primary')
  const holder = await findAnyHolder(database)
  return { held: holder !== undefined, holder, unknown: undefined }
}

const free: LockSight = { held: false, holder: undefined, unknown: undefined }
const unknown = (reason: string): LockSight => ({ held: undefined, holder: undefined, unknown: reason })
