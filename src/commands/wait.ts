import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, withDatabase } from '../database/database.ts'
import { interruption } from '../database/interruption.ts'
import { findRunning } from '../database/lock/find-running.ts'
import { lookAtLock } from '../database/lock/look-at-lock.ts'
import { assertRowsKnown } from '../database/plan-run.ts'
import { isUnreachable } from '../database/unreachable.ts'
import { isRevError, RevError } from '../errors/index.ts'
import type { Reporter } from '../events.ts'
import { toMilliseconds } from '../script/duration.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'

/** What to wait for. */
export interface WaitOptions {
  /** Where the database is to be, or above. Default `head`. */
  readonly for?: string | readonly string[]
  /** How long at most: milliseconds, or text such as `60s`. Default: as long as it takes. */
  readonly timeout?: number | string
}

/** The database is there. */
export interface WaitResult {
  readonly command: 'wait'
  readonly database: string
  /** The targets as they were understood. */
  readonly target: readonly string[]
  /** The revisions that they mean. */
  readonly revisions: readonly string[]
  /** The rows of the version table now. */
  readonly rows: readonly string[]
  readonly waitedMs: number
}

/** The pauses between two looks at a database: they grow from the first to the longest. */
export const FIRST_PAUSE_MS = 250
export const LONGEST_PAUSE_MS = 3_000
const CONNECT_TIMEOUT_MS = 10_000
/** What a look at the database may take beyond the time, so that there is always one. */
export const LAST_LOOK_MS = 2_000

/**
 * Waits until the database stands at the target or above it, for those that follow: only reads, takes no lock, and goes
 * on while the server cannot be reached. Throws REV_CHECK_WAIT_OVER, REV_DATABASE_UNKNOWN_ROW when rows that no file
 * knows keep it from knowing, REV_GRAPH_* for the target, and REV_INTERRUPTED.
 */
export async function wait(context: CommandContext, options: WaitOptions = {}): Promise<WaitResult> {
  const timeoutMs = options.timeout === undefined ? Number.POSITIVE_INFINITY : toMilliseconds(options.timeout)
  const target = typeof options.for === 'string' ? [options.for] : [...(options.for ?? ['head'])]
  const scripts = await context.scripts()
  const revisions = [...new Set(target.flatMap((text) => scripts.graph.resolve(text)))]
  const waiting: Waiting = {
    ...{ context, scripts, target, revisions, timeoutMs },
    started: performance.now(),
    report: toldOnce(context.report),
    seen: { database: undefined, rows: undefined, reason: undefined },
  }
  // Whatever hangs in a connection that answers no more is left behind.
  const over = new AbortController()
  const ended = ending(waiting, over.signal)
  try {
    return await Promise.race([untilThere(waiting), ended])
  } finally {
    over.abort()
  }
}

interface Waiting {
  readonly context: CommandContext
  readonly scripts: RevisionScripts
  readonly target: readonly string[]
  readonly revisions: readonly string[]
  readonly timeoutMs: number
  readonly started: number
  readonly report: Reporter
  /** What is known of the database so far. */
  readonly seen: {
    database: string | undefined
    rows: readonly string[] | undefined
    reason: string | undefined
  }
}

const waited = ({ started }: Waiting): number => Math.round(performance.now() - started)
const left = (waiting: Waiting): number => Math.max(0, waiting.timeoutMs - waited(waiting))

async function untilThere(waiting: Waiting): Promise<WaitResult> {
  const { seen } = waiting
  let pause = FIRST_PAUSE_MS
  for (;;) {
    try {
      const result = await withDatabase(contextOf(waiting), { readOnly: true }, (database) =>
        askUntilThere(database, waiting),
      )
      if (result !== undefined) return result
    } catch (error) {
      if (!isUnreachable(error)) throw error
      seen.reason = isRevError(error) ? reasonOf(error) : String(error)
      seen.rows = undefined
      const message = `the database cannot be asked yet (${seen.reason}); trying again`
      waiting.report({ type: 'notice', code: 'REV_NOTICE_NOT_REACHABLE', message })
    }
    await rest(waiting, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
  }
}

/** Asks on one connection; undefined when it has to be opened again to see more. */
async function askUntilThere(database: Database, waiting: Waiting): Promise<WaitResult | undefined> {
  const { scripts, target, revisions, seen } = waiting
  seen.database = database.description.text
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const { rows } = await database.readRows()
    Object.assign(seen, { rows, reason: undefined })
    const unknown = new Set(scripts.graph.unknownRows(rows))
    const known = rows.filter((row) => !unknown.has(row))
    if (revisions.every((revision) => scripts.graph.planUpgrade(known, revision).steps.length === 0)) {
      return { command: 'wait', database: seen.database, target, revisions, rows, waitedMs: waited(waiting) }
    }
    // What stands above them may be the target, or may not.
    assertRowsKnown(database, scripts, rows)
    await tell(database, waiting)
    // A SQLite file that is not there yet.
    if (database.connection.raw === undefined) return undefined
    await rest(waiting, pause)
  }
}

async function tell(database: Database, { report, target, revisions, seen: { rows = [] } }: Waiting): Promise<void> {
  const isNamed = revisions.length === 1 && target[0] === revisions[0]
  const place = isNamed ? target.join(' ') : `${target.join(' ')} (${revisions.join(', ')})`
  const worker = await workerOf(database)
  const message = `waiting until ${database.description.text} is at ${place}; it is at ${rows.join(', ') || 'base'}${worker}`
  report({ type: 'notice', code: 'REV_NOTICE_WAITING', message })
}

async function workerOf(database: Database): Promise<string> {
  if (database.connection.raw === undefined) return ''
  const lock = await lookAtLock(database)
  if (lock?.held === false) return ', and nobody holds the lock of runs'
  const running = await findRunning(database)
  if (lock === undefined) return running === undefined ? '' : `; a run in the log has no end yet: ${running.text}`
  return `; the lock of runs is held by ${[lock.holder, running?.text].filter((part) => part !== undefined).join(', ')}`
}

// Jitter, so that many followers do not ask in step.
async function rest(waiting: Waiting, pause: number): Promise<void> {
  const { context, seen, target } = waiting
  if (context.signal.aborted) throw interruption(context.signal)
  if (left(waiting) === 0) throw new RevError('REV_CHECK_WAIT_OVER', { ...seen, target, waitedMs: waited(waiting) })
  const ms = Math.min(left(waiting), pause * (0.75 + Math.random() / 2))
  await sleep(ms, undefined, { signal: context.signal }).catch(() => undefined)
}

/** Rejects when the caller gives up, or the last look at the database does not end. */
async function ending(waiting: Waiting, over: AbortSignal): Promise<never> {
  const { context, target, seen, timeoutMs } = waiting
  const stop = AbortSignal.any([context.signal, over])
  await new Promise<void>((resolve) => {
    if (stop.aborted) return resolve()
    stop.addEventListener('abort', () => resolve(), { once: true })
    if (timeoutMs === Number.POSITIVE_INFINITY) return
    const timer = setTimeout(resolve, timeoutMs + LAST_LOOK_MS)
    stop.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
  if (context.signal.aborted) throw interruption(context.signal)
  if (over.aborted) return new Promise(() => {})
  throw new RevError('REV_CHECK_WAIT_OVER', { ...seen, target, waitedMs: waited(waiting) })
}

/** The context of one attempt: no longer than the time that is left, and each notice once for all attempts. */
function contextOf(waiting: Waiting): CommandContext {
  return attemptWithin({ ...waiting.context, report: waiting.report }, left(waiting))
}

/** The context of an attempt that takes no longer to connect than the time that is left. */
export function attemptWithin(context: CommandContext, leftMs: number): CommandContext {
  if (context.knexConfig === undefined) return context
  const { acquireConnectionTimeout = CONNECT_TIMEOUT_MS } = context.knexConfig
  const knexConfig = {
    ...context.knexConfig,
    acquireConnectionTimeout: Math.min(acquireConnectionTimeout, Math.max(leftMs, LAST_LOOK_MS)),
  }
  return { ...context, knexConfig }
}

/** Tells each notice once. */
export function toldOnce(report: Reporter): Reporter {
  const told = new Set<string>()
  return (event) => {
    if (event.type === 'notice') {
      if (told.has(event.code)) return
      told.add(event.code)
    }
    report(event)
  }
}

/** Why a database could not be asked. */
export function reasonOf({ details, message }: RevError): string {
  const { reason } = details as { reason?: unknown }
  return typeof reason === 'string' ? reason : message
}
