import { setTimeout as sleep } from 'node:timers/promises'
import { interruption } from '../../database/interruption.ts'
import { type Reached, reach } from '../../database/life/reach.ts'
import { isMissingDatabase } from '../../database/life/server.ts'
import { isUnreachable } from '../../database/unreachable.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import { toMilliseconds } from '../../script/duration.ts'
import type { CommandContext } from '../context.ts'
import { attemptWithin, FIRST_PAUSE_MS, LAST_LOOK_MS, LONGEST_PAUSE_MS, reasonOf, toldOnce } from '../wait.ts'

export interface DbWaitOptions {
  /** How long at most: milliseconds, or text such as `60s`. Default: as long as it takes. */
  readonly timeout?: number | string
}

export interface DbWaitResult {
  readonly command: 'db wait'
  readonly database: string
  /** Whether the database is there; that it is not is an answer, too. */
  readonly exists: boolean
  /** Undefined when the database is not there. */
  readonly server: string | undefined
  readonly version: string | undefined
  readonly waitedMs: number
}

/**
 * Waits until the server answers; that the database is not there yet is an answer, a refused login ends it at once. Throws
 * REV_LIFE_NO_ANSWER when the time is over, REV_DATABASE_CONNECT_FAILED and REV_INTERRUPTED.
 */
export async function dbWait(context: CommandContext, options: DbWaitOptions = {}): Promise<DbWaitResult> {
  const timeoutMs = options.timeout === undefined ? Number.POSITIVE_INFINITY : toMilliseconds(options.timeout)
  const started = performance.now()
  const report = toldOnce(context.report)
  const seen: Seen = { database: undefined, reason: 'no answer in time' }
  const waited = (): number => Math.round(performance.now() - started)
  const left = (): number => Math.max(0, timeoutMs - waited())
  const over = (): RevError => new RevError('REV_LIFE_NO_ANSWER', { ...seen, waitedMs: waited() })
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const attempt = attemptWithin({ ...context, report }, left())
    const answer = await bounded(look(attempt, seen), left() + LAST_LOOK_MS, context.signal, over)
    if (answer !== undefined) return { command: 'db wait', ...answer, waitedMs: waited() }
    const message = `${seen.database ?? 'the database'} does not answer yet (${seen.reason}); trying again`
    report({ type: 'notice', code: 'REV_NOTICE_NOT_REACHABLE', message })
    if (left() === 0) throw over()
    const rest = Math.min(left(), pause * (0.75 + Math.random() / 2))
    await sleep(rest, undefined, { signal: context.signal }).catch(() => undefined)
    if (context.signal.aborted) throw interruption(context.signal)
  }
}

interface Seen {
  database: string | undefined
  reason: string
}

type Answer = Omit<DbWaitResult, 'command' | 'waitedMs'>

async function look(context: CommandContext, seen: Seen): Promise<Answer | undefined> {
  try {
    const reached: Reached = await reach(context)
    return { exists: true, ...reached }
  } catch (error) {
    const isMissing = isMissingDatabase(error)
    if (!isRevError(error) || !(isMissing || isUnreachable(error))) throw error
    const { filename, database, host, port } = error.details as Readonly<Record<string, string | number | undefined>>
    const place = [host, port].filter((part) => part !== undefined).join(':')
    seen.database = String(filename ?? ([place, database].filter(Boolean).join('/') || 'the database'))
    seen.reason = reasonOf(error)
    return isMissing ? { exists: false, database: seen.database, server: undefined, version: undefined } : undefined
  }
}

/** Whatever hangs in a connection that answers no more is left behind. */
async function bounded<T>(work: Promise<T>, ms: number, signal: AbortSignal, over: () => RevError): Promise<T> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const ended = (async (): Promise<never> => {
    const longest = 2 ** 31 - 1
    await sleep(Math.min(ms, longest), undefined, { signal: either, ref: ms < longest }).catch(() => undefined)
    if (signal.aborted) throw interruption(signal)
    if (stop.signal.aborted) return new Promise(() => {})
    throw over()
  })()
  try {
    return await Promise.race([work, ended])
  } finally {
    stop.abort()
    work.catch(() => undefined)
  }
}
