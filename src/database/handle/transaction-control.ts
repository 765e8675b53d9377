import { RevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import type { CallSite, CapturedStack } from './call-site.ts'
import type { HandleOptions } from './handle-options.ts'
import type { InternalClient } from './knex-internals.ts'
import type { StepState } from './step-state.ts'
import type { Level, TransactionLevels } from './transaction-levels.ts'
import { transactionState } from './transaction-state.ts'

type Send = () => Promise<unknown>

/** The parts of the gate that beginning and ending need. */
interface Surroundings {
  readonly connection: PinnedConnection
  readonly options: HandleOptions
  readonly state: StepState
  readonly levels: TransactionLevels
  tooLate(statement: () => string, stack: CapturedStack | undefined): Promise<never> | undefined
  violate<E extends RevError>(error: E): E
  givenUp(): RevError
  place(stack: CapturedStack | undefined): CallSite & { readonly revision: string }
  settle(work: Promise<unknown>, sql: string): Promise<unknown>
}

/** Lets Knex's transactions begin and end in an order that keeps them apart; keeps the levels. */
export function createTransactionControl(gate: Surroundings): {
  begin(client: InternalClient, sql: string, send: Send): Promise<unknown>
  end(client: InternalClient, sql: string, send: Send): Promise<unknown>
} {
  const { connection, options, state, levels, tooLate, violate, givenUp, place, settle } = gate
  const statementsBefore = new WeakMap<Level, { readonly sent: number; readonly skipped: number }>()

  const refuse = (
    code: 'REV_STEP_CONCURRENT_TRANSACTION' | 'REV_STEP_TRANSACTION_ENDED',
    stack: CapturedStack | undefined,
    statement: string,
  ): Promise<never> => Promise.reject(violate(new RevError(code, { ...place(stack), statement })))

  // MySQL commits a transaction with each change of the schema, and lets ROLLBACK pass that then undoes nothing.
  const undo = async (level: Level, send: Send): Promise<unknown> => {
    // It is rolled back already, and no savepoint is left to go back to.
    if (levels.isGivenUp) return level.parent === levels.bottom ? send() : undefined
    const before = statementsBefore.get(level)
    const hasWorked = state.statements > (before?.sent ?? 0)
    // What an earlier attempt has done for good cannot be taken back by this one.
    const hasSkipped = state.skipped > (before?.skipped ?? 0)
    // Without an answer there is no connection, and the rollback itself will say so.
    const ask = (): Promise<unknown> => transactionState(connection).catch(() => 'unknown')
    if (connection.dialect.name === 'mysql' && (hasSkipped || (hasWorked && (await ask()) === 'ended'))) {
      violate(new RevError('REV_STEP_ROLLBACK_LOST', { ...place(level.stack), statement: undefined }))
    }
    return send()
  }

  return {
    begin(client, sql, send) {
      const stack = levels.announcedStack(client)
      const refused = tooLate(() => sql, stack)
      if (refused !== undefined) return refused
      const level = levels.open(client)
      if (level === undefined) return refuse('REV_STEP_CONCURRENT_TRANSACTION', stack, sql)
      if (options.transaction) state.root ??= level
      statementsBefore.set(level, { sent: state.statements, skipped: state.skipped })
      const begun = settle(send(), sql)
      begun.catch((error: unknown) => {
        levels.close(level, false)
        if (level === state.root) state.beginError = error
      })
      return begun
    },

    end(client, sql, send) {
      const level = levels.levelOf(client)
      const undoing = /^rollback/i.test(sql)
      if (level === state.root) {
        if (state.phase !== 'ending') return refuse('REV_STEP_TRANSACTION_ENDED', undefined, sql)
        return send().finally(() => levels.close(level, false))
      }
      const refused = tooLate(() => sql, level.stack)
      if (refused !== undefined) return refused
      if (!undoing && levels.isGivenUp) return Promise.reject(givenUp())
      // Undoing takes what is open inside with it; keeping would keep half of it.
      if (!undoing && level !== levels.top()) return refuse('REV_STEP_CONCURRENT_TRANSACTION', level.stack, sql)
      return settle(undoing ? undo(level, send) : send(), sql).then(
        (answer) => {
          if (!undoing && level.parent === levels.bottom) state.committedStatements += level.done
          levels.close(level, !undoing)
          return answer
        },
        (error: unknown) => {
          levels.close(level, false)
          throw error
        },
      )
    },
  }
}
