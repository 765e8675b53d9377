import { isRevError } from '../../errors/index.ts'
import type { RevEvent } from '../../events.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'
import { transactionState } from '../handle/transaction-state.ts'
import type { Database } from '../open-database.ts'
import { driverMessage } from '../pin.ts'
import { noteAttempts } from './attempts.ts'
import { findBlockers } from './blockers.ts'
import { isWholeAgain, limitFailure, type SentStatement } from './lock-failure.ts'
import { pause, pauseBefore } from './pause.ts'
import type { LimitsInForce } from './run-limits.ts'
import { withoutLimits, worksConcurrently } from './without-limits.ts'

/** Sends one statement, and perhaps again. */
export type Patience = (statement: SentStatement, send: () => Promise<unknown>) => Promise<unknown>

export interface PatienceOptions {
  readonly database: Pick<Database, 'connection' | 'report' | 'redactor' | 'signal'>
  readonly revision: string
  readonly inForce: LimitsInForce
  /** Whether the revision has set a limit by SQL of its own; by the name of the setting. */
  setsOwn(name: string): boolean
  /** Called before each further attempt; may abort the signal. */
  watch(): void
}

/** How often a statement is sent at most, the first time included. */
export const MOST_ATTEMPTS = 4

/**
 * Sends again, after a pause, what could not get a lock and has left nothing behind: a statement that commits by itself, and
 * SQLite's BEGIN. Never when it is not known what became of it. A signal ends the waiting.
 */
export function createPatience(options: PatienceOptions): Patience {
  const { database, inForce, setsOwn, watch } = options
  const { connection, signal } = database
  const isPostgres = connection.dialect.name === 'postgresql'
  // One that was asked for after it must not overtake it.
  let underWay = 0
  return async (statement, send) => {
    const isPatient = isPostgres && statement.place === 'alone' && worksConcurrently(statement.sql)
    const sendOnce = isPatient ? () => withoutLimits(connection, inForce, setsOwn, send) : send
    const isAlone = (): boolean => underWay === 1 && !signal.aborted
    underWay += 1
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          // Nothing is awaited before it is sent for the first time, so that the order of sending is the order of asking.
          return await sendOnce()
        } catch (error) {
          noteAttempts(error, attempt)
          if (attempt >= MOST_ATTEMPTS || !isAlone() || !(await maySendAgain(options, statement, error))) throw error
          const pauseMs = pauseBefore(attempt + 1)
          await announce(options, statement.sql, error, { attempt, attempts: MOST_ATTEMPTS, pauseMs })
          if (!(await pause(pauseMs, signal))) throw error
          watch()
          if (!isAlone()) throw error
        }
      }
    } finally {
      underWay -= 1
    }
  }
}

async function maySendAgain({ database }: PatienceOptions, statement: SentStatement, error: unknown): Promise<boolean> {
  // The statement went through, or was never sent: what failed is rev's record of it.
  if (isRevError(error)) return false
  const { connection } = database
  const { name } = connection.dialect
  const failure = limitFailure(error)
  const isBegin = name === 'sqlite' && statement.place === 'alone' && /^begin\b/i.test(statement.sql)
  const isWhole = isBegin ? failure === 'wait' : isWholeAgain(statement, failure, name, sqlFamilyOf(name))
  // A transaction that is still open, or was begun by hand, holds more than this statement.
  return isWhole && (await transactionState(connection).catch(() => 'unknown')) === 'ended'
}

type Retry = Pick<Extract<RevEvent, { type: 'retry' }>, 'attempt' | 'attempts' | 'pauseMs'>

async function announce(
  { database, revision }: Pick<PatienceOptions, 'database' | 'revision'>,
  sql: string,
  error: unknown,
  retry: Retry,
): Promise<void> {
  const { connection, report, redactor } = database
  const blockers = await findBlockers(connection, sql)
  const reason = redactor.text(driverMessage(error, sql))
  report({ type: 'retry', what: 'statement', revision, sql: redactor.text(sql), reason, blockers, ...retry })
}
