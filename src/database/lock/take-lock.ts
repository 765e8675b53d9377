import { setTimeout as sleep } from 'node:timers/promises'
import { isRevError, RevError } from '../../errors/index.ts'
import { interruption } from '../interruption.ts'
import type { Database } from '../open-database.ts'
import { advisoryLock } from './advisory.ts'
import { getLock } from './get-lock.ts'
import type { LockKind } from './lock-kind.ts'
import { sidecarLock } from './sidecar.ts'

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000

/** `lost`: it was not ours at the end. `unreachable`: the connection is gone, and the server lets go of what it held. */
export type LockEnding = 'released' | 'lost' | 'unreachable'

/** The lock of one run. */
export interface RunLock {
  /** Throws REV_DATABASE_LOCK_LOST when the lock, or the connection that carries it, is not ours any more. */
  assertHeld(): Promise<void>
  /** Gives the lock back. Does not throw: the run is over, well or badly. */
  release(): Promise<LockEnding>
}

export interface TakeLockOptions {
  readonly timeoutMs: number
  /** Who runs according to the event log, for a lock that cannot tell. */
  findRunning(): Promise<string | undefined>
}

/**
 * Takes the lock that keeps two runs on one version table apart, asking again and again up to `timeoutMs`. Names the
 * holder once while it waits. Throws REV_DATABASE_LOCKED, REV_DATABASE_LOCK_FAILED, and REV_INTERRUPTED when aborted.
 */
export async function takeLock(database: Database, options: TakeLockOptions): Promise<RunLock> {
  const kind = await chooseKind(database, options)
  if (kind === undefined) return UNLOCKED
  try {
    await waitFor(database, kind, options.timeoutMs)
  } catch (error) {
    await releaseQuietly(kind)
    throw error
  }
  return { assertHeld: () => assertHeld(database, kind), release: () => releaseQuietly(kind) }
}

const UNLOCKED: RunLock = { assertHeld: async () => {}, release: async () => 'released' }

async function chooseKind(database: Database, { findRunning }: TakeLockOptions): Promise<LockKind | undefined> {
  const { connection, dialect, tables, report } = database
  if (dialect.lock === 'advisory') return advisoryLock(connection, tables.version)
  if (dialect.lock === 'get-lock') return getLock(connection, tables.version)
  if (dialect.lock === 'sidecar') return sidecarLock(database, findRunning)
  const message = `rev has no lock for ${dialect.name}: two runs at once are told apart only when they write the version rows`
  report({ type: 'notice', code: 'REV_NOTICE_NO_LOCK', message })
  return undefined
}

async function waitFor({ description, report, signal }: Database, kind: LockKind, timeoutMs: number): Promise<void> {
  const started = performance.now()
  const waited = (): number => Math.round(performance.now() - started)
  let holder: string | undefined
  let pause = FIRST_WAIT_MS
  for (let attempt = 0; ; attempt += 1) {
    if (signal.aborted) throw interruption(signal)
    if (await kind.tryTake()) {
      report({ type: 'lock:taken', waitedMs: waited() })
      return
    }
    if (attempt === 0) {
      holder = await kind.findHolder()
      report({ type: 'lock:wait', holder, waitedMs: waited() })
    }
    const left = timeoutMs - waited()
    if (left <= 0) throw locked(description.text, waited(), (await kind.findHolder()) ?? holder)
    // Jitter, so that many waiting deployments do not ask in step.
    await sleep(Math.min(left, pause * (0.75 + Math.random() / 2)), undefined, { signal }).catch(() => undefined)
    pause = Math.min(pause * 2, LONGEST_WAIT_MS)
  }
}

function locked(database: string, waitedMs: number, holder: string | undefined): RevError {
  return new RevError('REV_DATABASE_LOCKED', { database, waitedMs, ...(holder === undefined ? {} : { holder }) })
}

async function assertHeld({ description }: Database, kind: LockKind): Promise<void> {
  const database = description.text
  let held: boolean
  try {
    held = await kind.isHeld()
  } catch (cause) {
    const reason = isRevError(cause, 'REV_DATABASE_QUERY_FAILED') ? cause.details.reason : String(cause)
    throw new RevError('REV_DATABASE_LOCK_LOST', { database, reason }, { cause })
  }
  if (!held)
    throw new RevError('REV_DATABASE_LOCK_LOST', { database, reason: 'it is not held by this connection any more' })
}

async function releaseQuietly(kind: LockKind): Promise<LockEnding> {
  try {
    return (await kind.release()) ? 'released' : 'lost'
  } catch {
    return 'unreachable'
  }
}
