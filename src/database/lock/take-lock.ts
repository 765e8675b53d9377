import { setTimeout as sleep } from 'node:timers/promises'
import { isRevError, RevError } from '../../errors/index.ts'
import { interruption } from '../interruption.ts'
import type { Database } from '../open-database.ts'
import { advisoryLock } from './advisory.ts'
import { getLock } from './get-lock.ts'
import { leaseLock } from './lease.ts'
import { findLeaseHolder } from './lease-table.ts'
import type { LockHolder } from './lock-holder.ts'
import type { LockKind } from './lock-kind.ts'
import { findSessionHolder } from './look-at-lock.ts'
import { sidecarLock } from './sidecar.ts'
import { holderInWords } from './whose-lock.ts'

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 2_000
const FIRST_TELLING_MS = 5_000
const LONGEST_TELLING_MS = 60_000
const DEFAULT_LEASE_MS = 30_000

/** `lost`: it was not ours at the end. `unreachable`: the connection is gone, and the server lets go of what it held. */
export type LockEnding = 'released' | 'lost' | 'unreachable'

/** The lock of one run. */
export interface RunLock {
  /** Throws REV_DATABASE_LOCK_LOST when the lock, or the connection that carries it, is not ours any more. */
  assertHeld(): Promise<void>
  /** Called before each statement of a revision; aborts `lost` when no more may be sent. Sends nothing itself. */
  watch(): void
  /**
   * Proves in the transaction of the version rows that the lock is ours until its end, where a lock can be lost without
   * its connection. Throws REV_DATABASE_LOCK_LOST.
   */
  proveOwned(): Promise<void>
  /** Is aborted, with REV_DATABASE_LOCK_LOST as its reason, as soon as the lock is known to be lost. */
  readonly lost: AbortSignal
  /** Gives the lock back. Does not throw: the run is over, well or badly. */
  release(): Promise<LockEnding>
}

export interface TakeLockOptions {
  /** Infinity to wait for as long as it takes. */
  readonly timeoutMs: number
}

/**
 * Takes the lock that keeps two runs on one version table apart, asking again and again up to `timeoutMs`. Names the
 * holder when it begins to wait, and from time to time while it goes on. Throws REV_DATABASE_LOCKED,
 * REV_DATABASE_LOCK_FAILED, REV_DATABASE_LEASE_REFUSED, and REV_INTERRUPTED when aborted.
 */
export async function takeLock(database: Database, { timeoutMs }: TakeLockOptions): Promise<RunLock> {
  const kind = await chooseKind(database)
  if (kind === undefined) return UNLOCKED
  try {
    await waitFor(database, kind, timeoutMs)
  } catch (error) {
    await releaseQuietly(kind)
    throw error
  }
  return {
    assertHeld: () => assertHeld(database, kind),
    watch: () => kind.watch?.(),
    proveOwned: async () => kind.proveOwned?.(),
    lost: kind.lost ?? NEVER,
    release: () => releaseQuietly(kind),
  }
}

const NEVER = new AbortController().signal
const UNLOCKED: RunLock = {
  assertHeld: async () => {},
  watch: () => {},
  proveOwned: async () => {},
  lost: NEVER,
  release: async () => 'released',
}

async function chooseKind(database: Database): Promise<LockKind | undefined> {
  const { connection, dialect, tables, report, settings } = database
  if (settings.lock === 'lease') {
    const lease = await leaseLock(database, settings.leaseTimeMs ?? DEFAULT_LEASE_MS)
    return beside(lease, () => findSessionHolder(database))
  }
  if (dialect.lock === 'advisory') {
    return beside(await advisoryLock(connection, tables.version), () => findLeaseHolder(database))
  }
  if (dialect.lock === 'get-lock') return beside(await getLock(database), () => findLeaseHolder(database))
  if (dialect.lock === 'sidecar') return sidecarLock(database)
  const message = `rev has no lock for ${dialect.name}: two runs at once are told apart only when they write the version rows`
  report({ type: 'notice', code: 'REV_NOTICE_NO_LOCK', message })
  return undefined
}

/**
 * A lock that counts as taken only while nobody holds the other one: a script takes that of the session whatever the
 * settings say, and while a setting is changed old and new processes run beside each other. Who takes both at the same
 * time as somebody else gives its own back and asks again.
 */
function beside(kind: LockKind, findOther: () => Promise<LockHolder | undefined>): LockKind {
  return {
    ...kind,
    async tryTake() {
      if (!(await kind.tryTake())) return false
      if ((await findOther()) === undefined) return true
      await kind.release()
      return false
    },
    findHolder: async () => (await kind.findHolder()) ?? (await findOther()),
  }
}

async function waitFor(database: Database, kind: LockKind, timeoutMs: number): Promise<void> {
  const { description, report, signal } = database
  const started = performance.now()
  const waited = (): number => Math.round(performance.now() - started)
  const whose = (): Promise<string | undefined> => holderInWords(database, () => kind.findHolder())
  let holder: string | undefined
  let pause = FIRST_WAIT_MS
  let tellAt = 0
  let tellAgain = FIRST_TELLING_MS
  for (;;) {
    if (signal.aborted) throw interruption(signal)
    if (await kind.tryTake()) {
      report({ type: 'lock:taken', waitedMs: waited() })
      return
    }
    if (waited() >= tellAt) {
      holder = (await whose()) ?? holder
      report({ type: 'lock:wait', holder, waitedMs: waited() })
      tellAt = waited() + tellAgain
      tellAgain = Math.min(tellAgain * 2, LONGEST_TELLING_MS)
    }
    const left = timeoutMs - waited()
    if (left <= 0) throw locked(description.text, waited(), (await whose()) ?? holder)
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
