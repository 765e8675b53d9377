import { RevError } from '../../errors/index.ts'
import type { CallSite, CapturedStack } from './call-site.ts'
import type { HandleOptions } from './handle-options.ts'
import type { InternalClient } from './knex-internals.ts'
import type { StepState } from './step-state.ts'
import type { TransactionLevels } from './transaction-levels.ts'

type Send = () => Promise<unknown>

/** The parts of the gate that beginning and ending need. */
interface Surroundings {
  readonly options: HandleOptions
  readonly state: StepState
  readonly levels: TransactionLevels
  tooLate(statement: () => string, stack: CapturedStack | undefined): Promise<never> | undefined
  violate<E extends RevError>(error: E): E
  place(stack: CapturedStack | undefined): CallSite & { readonly revision: string }
  settle(work: Promise<unknown>, sql: string): Promise<unknown>
}

/** Lets Knex's transactions begin and end in an order that keeps them apart; keeps the levels. */
export function createTransactionControl(gate: Surroundings): {
  begin(client: InternalClient, sql: string, send: Send): Promise<unknown>
  end(client: InternalClient, sql: string, send: Send): Promise<unknown>
} {
  const { options, state, levels, tooLate, violate, place, settle } = gate

  const refuse = (
    code: 'REV_STEP_CONCURRENT_TRANSACTION' | 'REV_STEP_TRANSACTION_ENDED',
    stack: CapturedStack | undefined,
    statement: string,
  ): Promise<never> => Promise.reject(violate(new RevError(code, { ...place(stack), statement })))

  return {
    begin(client, sql, send) {
      const stack = levels.announcedStack(client)
      const refused = tooLate(() => sql, stack)
      if (refused !== undefined) return refused
      const level = levels.open(client)
      if (level === undefined) return refuse('REV_STEP_CONCURRENT_TRANSACTION', stack, sql)
      if (options.transaction) state.root ??= level
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
      // Undoing takes what is open inside with it; keeping would keep half of it.
      if (!undoing && level !== levels.top()) return refuse('REV_STEP_CONCURRENT_TRANSACTION', level.stack, sql)
      return settle(send(), sql).then(
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
