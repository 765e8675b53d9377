import { isRevError } from '../../errors/index.ts'
import { findOuterTransaction } from '../handle/outer-transaction.ts'
import { StepFailure } from '../handle/step-failure.ts'
import { interruption } from '../interruption.ts'
import { driverMessage } from '../pin.ts'
import type { StepOfRun } from '../step-of-run.ts'
import { findBlockers } from './blockers.ts'
import { limitFailure } from './lock-failure.ts'
import { pause, pauseBefore } from './pause.ts'
import type { LimitsInForce } from './run-limits.ts'

/** One step that may be carried out several times. */
export interface Attempts {
  /** From the beginning, in a fresh transaction. */
  once(): Promise<void>
  /** Statements of the last attempt that are in the database for good. */
  committed(): number
  /** The error of an attempt as it is told, when it has been written into the event log. */
  explain(error: unknown, attempts: number): Promise<Error>
}

/**
 * Carries a step out, and again as often as its revision allows, when it could not get a lock, or was chosen to end a
 * deadlock, and nothing at all of the attempt is left. Every attempt that fails is an event of its own. Not within a
 * transaction that holds more than the step: there is none to begin afresh. Throws what the last attempt threw, explained.
 */
export async function runAgain(
  { database, step, lock }: Pick<StepOfRun, 'database' | 'step' | 'lock'>,
  { limits }: LimitsInForce,
  attempts: Attempts,
): Promise<void> {
  const { connection, signal, report, redactor } = database
  const most = connection.joined || findOuterTransaction(connection) !== undefined ? 1 : limits.retries + 1
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attempts.once()
    } catch (error) {
      const mayGoOn = attempt < most && !signal.aborted && step.transaction && isUndone(error, attempts.committed())
      const failure = await attempts.explain(error, attempt)
      if (!mayGoOn) throw failure
      const facts = error instanceof StepFailure ? error.facts : undefined
      const pauseMs = pauseBefore(attempt + 1)
      report({
        type: 'retry',
        what: 'revision',
        revision: step.revision,
        sql: facts?.statement === undefined ? undefined : redactor.text(facts.statement),
        reason: redactor.text(facts?.driverMessage ?? driverMessage(error)),
        blockers: await findBlockers(connection, facts?.statement),
        attempt,
        attempts: most,
        pauseMs,
      })
      const stopped = (await pause(pauseMs, signal)) ? await lostLock(lock) : interruption(signal)
      if (stopped !== undefined) throw await attempts.explain(stopped, attempt)
    }
  }
}

// Another run may have come in between.
async function lostLock(lock: StepOfRun['lock']): Promise<unknown> {
  return lock.assertHeld().then(
    () => undefined,
    (error: unknown) => error,
  )
}

function isUndone(error: unknown, committed: number): boolean {
  const failure = limitFailure(error)
  if (failure === undefined || failure === 'time' || failure === 'refused' || committed > 0) return false
  if (error instanceof StepFailure) return error.facts.rolledBack && error.facts.uncertain !== true
  // A statement of rev itself: the version rows, within the same transaction.
  return isRevError(error, 'REV_DATABASE_QUERY_FAILED')
}
