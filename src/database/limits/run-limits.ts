import { RevError } from '../../errors/index.ts'
import type { Direction } from '../../graph/plan-types.ts'
import type { RevisionLimits } from '../../script/revision-module.ts'
import type { LoadedStep } from '../load-steps.ts'
import type { Database } from '../open-database.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { DEFAULT_TABLE_LOCK_MS, limitsFor, type StepLimits, type TimeLimit, type WantedLimits } from './time-limit.ts'

/** The settings of a session that hold a limit, with the value that each is given, as its server takes it. */
export type LimitValues = readonly (readonly [name: string, value: string | number])[]

/** What is in force during one step. */
export interface LimitsInForce {
  readonly limits: StepLimits
  /** Set before the step; empty when the session stays as it is. */
  readonly values: LimitValues
  /** False where the session keeps limits of its own, which the default leaves alone, or cannot be given any. */
  readonly isTableLockSet: boolean
  /** A session that a pooler may hand to somebody else: what is set on it must end with a transaction. */
  readonly isShared: boolean
}

/** What limits may hold for: a step, or a seed, by its name. */
export interface Limited extends Pick<LoadedStep, 'transaction' | 'limits'> {
  readonly revision: string
  /** Undefined for what runs nothing. */
  readonly work: unknown
}

/** The limits of every step of a run. */
export type RunLimits = (step: Pick<LoadedStep, 'limits' | 'transaction'>) => LimitsInForce

/**
 * Refuses a limit of time for statements where nothing can end one. Steps that are not loaded yet say nothing of
 * themselves. Throws REV_DATABASE_STATEMENT_TIMEOUT.
 */
export function assertTimeable(
  { dialect, settings }: Pick<Database, 'dialect' | 'settings'>,
  option: WantedLimits,
  steps: readonly {
    readonly revision: string
    readonly direction?: Direction
    readonly limits?: RevisionLimits
  }[],
): void {
  if (dialect.name !== 'sqlite') return
  const running = steps.filter(({ direction }) => direction !== 'stamp')
  const timed = running.filter(({ limits }) => limitsFor(settings, option, limits).statement.ms > 0)
  const revisions = timed.map(({ revision }) => revision)
  if (revisions.length > 0) throw new RevError('REV_DATABASE_STATEMENT_TIMEOUT', { revisions })
}

/**
 * Asks the session which limits it has already, and says aloud what cannot be had. The default gives way to what the
 * project's connection sets, and to a server that is set to wait for less. Throws REV_DATABASE_STATEMENT_TIMEOUT.
 */
export async function openLimits(
  database: Database,
  option: WantedLimits,
  steps: readonly Limited[],
): Promise<RunLimits> {
  const { connection, settings, report } = database
  const running = steps.filter(({ work }) => work !== undefined)
  const of = (step: { readonly limits?: RevisionLimits }): StepLimits => limitsFor(settings, option, step.limits)
  assertTimeable(database, option, running)
  const timed = running.filter((step) => of(step).statement.ms > 0)
  const isShared = settings.lock === 'lease' && connection.dialect.name === 'postgresql'
  const session = running.length === 0 ? undefined : await readSession(connection)
  const notice = (message: string): void => report({ type: 'notice', code: 'REV_NOTICE_TIME_LIMIT', message })
  if (timed.length > 0 && session?.statement === 'max_execution_time') {
    notice(
      'statementTimeout: MySQL ends by it nothing but statements that only read; changes take as long as they take',
    )
  }
  if (connection.dialect.name === 'sqlite' && database.owned) await waitLonger(connection, of({}).tableLock)
  const isUnset = (step: Limited): boolean => {
    const { tableLock, statement } = of(step)
    const isAsked = tableLock.source !== 'default' || statement.source !== 'default'
    return isAsked && (session === undefined || (isShared && !step.transaction))
  }
  const unset = running.filter(isUnset).map(({ revision }) => revision)
  if (unset.length > 0) {
    const why = session === undefined ? `rev sets none on ${connection.dialect.name}` : 'the session may be shared'
    notice(`tableLockTimeout and statementTimeout do not hold for ${unset.join(', ')}: ${why}`)
  }
  return (step) => {
    const limits = of(step)
    if (isShared && !step.transaction) return { limits, values: [], isTableLockSet: false, isShared }
    const names = limits.tableLock.source === 'default' ? (session?.open ?? []) : (session?.locks ?? [])
    const locks = names.map((name) => [name, toValue(name, limits.tableLock.ms)] as const)
    const { source, ms } = limits.statement
    const name = source === 'default' ? undefined : session?.statement
    const values = name === undefined ? locks : [...locks, [name, toValue(name, ms)] as const]
    return { limits, values, isTableLockSet: locks.length > 0, isShared }
  }
}

interface SessionLimits {
  /** The settings that say how long a lock is waited for. */
  readonly locks: readonly string[]
  /** Those of them that nobody has set, so that the default holds. */
  readonly open: readonly string[]
  /** The setting that says how long a statement takes; undefined without one. */
  readonly statement: string | undefined
}

function readSession(connection: PinnedConnection): Promise<SessionLimits | undefined> {
  switch (connection.dialect.name) {
    case 'postgresql':
      return readPostgres(connection)
    case 'mysql':
      return readMysql(connection)
    case 'sqlite':
      return readSqlite(connection)
    default:
      return Promise.resolve(undefined)
  }
}

async function readPostgres(connection: PinnedConnection): Promise<SessionLimits> {
  const { rows } = await connection.query(
    `select setting, source in ('default', 'configuration file', 'environment variable', 'command line') as general
     from pg_catalog.pg_settings where name = 'lock_timeout'`,
  )
  const { setting, general } = rows[0] ?? {}
  const isOpen = general === true && isLonger(Number(setting))
  return { locks: ['lock_timeout'], open: isOpen ? ['lock_timeout'] : [], statement: 'statement_timeout' }
}

const isLonger = (ms: number): boolean => ms === 0 || ms > DEFAULT_TABLE_LOCK_MS

const MYSQL_LOCKS = ['lock_wait_timeout', 'innodb_lock_wait_timeout'] as const

async function readMysql(connection: PinnedConnection): Promise<SessionLimits> {
  const columns = MYSQL_LOCKS.map((name) => `@@session.${name} as ${name}, @@global.${name} as global_${name}`)
  const { rows } = await connection.query(`select ${columns.join(', ')}, version() as version`)
  const [row = {}] = rows
  const open = MYSQL_LOCKS.filter((name) => row[name] === row[`global_${name}`] && isLonger(Number(row[name]) * 1000))
  const isMariaDb = /mariadb/i.test(String(row.version))
  return { locks: MYSQL_LOCKS, open, statement: isMariaDb ? 'max_statement_time' : 'max_execution_time' }
}

// What the drivers set by themselves; better-sqlite3 has just what is the default here.
const OF_THE_DRIVER: Readonly<Record<string, number>> = { 'better-sqlite3': DEFAULT_TABLE_LOCK_MS, sqlite3: 1_000 }

async function readSqlite(connection: PinnedConnection): Promise<SessionLimits> {
  const { rows } = await connection.query('PRAGMA busy_timeout')
  const isOpen = rows[0]?.timeout === OF_THE_DRIVER[connection.dialect.driver ?? '']
  return { locks: ['busy_timeout'], open: isOpen ? ['busy_timeout'] : [], statement: undefined }
}

// It has one lock for everything, so rev's own statements wait for what the run is told to wait for. The connection is
// closed with the run.
async function waitLonger(connection: PinnedConnection, { ms, source }: TimeLimit): Promise<void> {
  const { rows } = await connection.query('PRAGMA busy_timeout')
  const wanted = Number(toValue('busy_timeout', ms))
  if (source !== 'default' && wanted > Number(rows[0]?.timeout))
    await connection.query(`PRAGMA busy_timeout = ${wanted}`)
}

const LONGEST_MS = 2 ** 31 - 1
const LONGEST_MYSQL_S = 31_536_000

/** Milliseconds as the setting takes them, where 0 is as long as it takes. */
function toValue(name: string, ms: number): string | number {
  switch (name) {
    case 'lock_timeout':
    case 'statement_timeout':
      return `${ms}ms`
    case 'lock_wait_timeout':
    case 'innodb_lock_wait_timeout':
      // Whole seconds; none at all would be not to wait.
      return ms === 0 ? LONGEST_MYSQL_S : Math.min(LONGEST_MYSQL_S, Math.max(1, Math.ceil(ms / 1000)))
    case 'max_statement_time':
      return ms / 1000
    case 'busy_timeout':
      return ms === 0 ? LONGEST_MS : ms
    default:
      return ms
  }
}
