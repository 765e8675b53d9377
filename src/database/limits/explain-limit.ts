import type { PinnedConnection } from '../pinned-connection.ts'
import { attemptsOf } from './attempts.ts'
import { findBlockers } from './blockers.ts'
import { limitFailure } from './lock-failure.ts'
import type { LimitsInForce } from './run-limits.ts'
import type { LimitSource } from './time-limit.ts'

/** A time limit that ended a statement. */
export interface FiredLimit {
  readonly name: 'tableLockTimeout' | 'statementTimeout'
  readonly ms: number
  readonly source: LimitSource
}

/** What is known of a failure that has to do with locks or limits; empty for any other. */
export interface LimitFacts {
  readonly limit?: FiredLimit
  /** Who holds locks there, in words. */
  readonly blockers?: readonly string[]
  /** How often it was tried, when that was more than once. */
  readonly attempts?: number
  readonly remedy?: string
}

/** Whose statement it was that failed. */
export interface LimitedWork {
  readonly what: 'revision' | 'seed'
  /** Whether it has set a limit by SQL of its own; by the name of the setting. */
  setsOwn(name: string): boolean
}

/** Explains an error of a driver. Ask after everything was rolled back: the connection answers nothing before. */
export async function explainLimit(
  connection: PinnedConnection,
  { limits, isTableLockSet, values }: LimitsInForce,
  { what, setsOwn }: LimitedWork,
  error: unknown,
  statement: string | undefined,
): Promise<LimitFacts> {
  const count = attemptsOf(error)
  const attempts = count > 1 ? { attempts: count } : {}
  const failure = limitFailure(error)
  if (failure === undefined) return attempts
  if (failure === 'time') {
    const { ms, source } = limits.statement
    const isSet = ms > 0 && values.length > 0 && !STATEMENT_SETTINGS.some(setsOwn)
    if (!isSet) return attempts
    const limit: FiredLimit = { name: 'statementTimeout', ms, source }
    return { ...attempts, limit, remedy: `${words(limit)} ended the statement; ${more(limit, what)}` }
  }
  const blockers = await findBlockers(connection, statement)
  const known = { ...attempts, ...(blockers.length > 0 ? { blockers } : {}) }
  const holders = blockers.length > 0 ? ` (${blockers.join('; ')})` : ''
  const again = 'let it end, or end it, and run the same command again'
  if (failure !== 'wait') {
    const remedy = blockers.length > 0 ? `other sessions hold locks there${holders}: ${again}` : undefined
    return remedy === undefined ? known : { ...known, remedy }
  }
  const { ms, source } = limits.tableLock
  if (!isTableLockSet || ms === 0 || LOCK_SETTINGS.some(setsOwn)) {
    return holders === '' ? known : { ...known, remedy: `another session holds a lock there${holders}: ${again}` }
  }
  const limit: FiredLimit = { name: 'tableLockTimeout', ms, source }
  const remedy = `${words(limit)} ended the wait for a lock that another session holds${holders}: ${again}; or ${more(limit, what)}`
  return { ...known, limit, remedy }
}

const LOCK_SETTINGS = ['lock_timeout', 'lock_wait_timeout', 'busy_timeout']
const STATEMENT_SETTINGS = ['statement_timeout', 'max_statement_time', 'max_execution_time']

const SOURCES: Readonly<Record<LimitSource, string>> = {
  default: 'the default',
  setting: 'from the settings',
  option: 'as this run was told',
  revision: 'as the revision says',
}

function words({ name, ms, source }: FiredLimit): string {
  return `the time limit ${name} of ${ms < 1000 ? `${ms} ms` : `${ms / 1000} s`} (${SOURCES[source]})`
}

function more({ name }: FiredLimit, what: LimitedWork['what']): string {
  if (what === 'seed') {
    const option = name === 'tableLockTimeout' ? '--table-lock-timeout' : '--statement-timeout'
    return `give it more time: ${option} 10m, or ${name} under "rev" in the knexfile`
  }
  return `give this revision more time: export const config = { ${name}: '10m' }`
}
