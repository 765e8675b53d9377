import { performance } from 'node:perf_hooks'
import { isRevError, RevError } from '../../errors/index.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'
import { interruption } from '../interruption.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { type CapturedStack, findCallSite } from './call-site.ts'
import { errorPosition, withoutValues } from './driver-message.ts'
import { ForgottenWork } from './forgotten-work.ts'
import type { HandleOptions } from './handle-options.ts'
import type { InternalClient, QueryObject } from './knex-internals.ts'
import { patiently } from './patiently.ts'
import { rowsChanged } from './rows-changed.ts'
import { endsTransaction, isDefinition, isForeignKeyPragma, mayEndTransaction } from './statement-kind.ts'
import { StatementOrigin } from './statement-origin.ts'
import type { StatementRecord } from './statement-record.ts'
import { createStepState, type FailedStatement, type StepState } from './step-state.ts'
import { tookAllBack } from './took-all-back.ts'
import { createTransactionControl } from './transaction-control.ts'
import { type Level, TransactionLevels } from './transaction-levels.ts'
import { statusOfAnswer, transactionMark } from './transaction-state.ts'

/** Sends one statement together with what has to be done around it on the same connection. */
export type Surrounding = (send: () => Promise<unknown>) => Promise<unknown>

/** The one place that every statement of a revision passes on its way to the database. */
export interface StatementGate {
  readonly state: StepState
  readonly forgotten: ForgottenWork
  readonly levels: TransactionLevels
  /** The place that the running statement was built at. */
  readonly origin: StatementOrigin
  readonly failures: WeakMap<object, FailedStatement>
  /**
   * What takes the place of work that is begun after the function has returned: a rejection, or nothing for ever once
   * the step has failed. Undefined while it may begin.
   */
  tooLate(statement: () => string, stack: CapturedStack | undefined): Promise<never> | undefined
  /** Why a statement may not be sent; undefined when it may. */
  refuse(client: InternalClient, query: QueryObject): RevError | undefined
  /** Sends a statement that was not refused. */
  statement(client: InternalClient, query: QueryObject, send: () => Promise<unknown>): Promise<unknown>
  /** The same for one whose rows are read while others are sent: it has no turn, and no record. */
  stream(client: InternalClient, query: QueryObject, send: () => Promise<unknown>): Promise<unknown>
  /** BEGIN, SAVEPOINT, COMMIT, ... as Knex's own transactions send them. */
  control(client: InternalClient, sql: string, send: () => Promise<unknown>): Promise<unknown>
  violate<E extends RevError>(error: E): E
  /** The error for going on in a transaction that the database has rolled back. */
  givenUp(): RevError
  /** The statement that runs now, when stopping it leaves nothing half done. */
  stoppable(): boolean
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

/** One statement on its way. */
interface Sent {
  readonly client: InternalClient
  readonly query: QueryObject
  /** Where it was built. */
  readonly stack: CapturedStack | undefined
  readonly record: StatementRecord | undefined
}

export function createStatementGate(
  connection: PinnedConnection,
  options: HandleOptions,
  surround: (sql: string) => Surrounding | undefined,
): StatementGate {
  const { revision, file, signal, record } = options
  const levels = new TransactionLevels()
  const origin = new StatementOrigin()
  const failures = new WeakMap<object, FailedStatement>()
  const inFlight = new Map<Promise<unknown>, string>()
  const state = createStepState()
  const family = sqlFamilyOf(connection.dialect.name)

  const place = (stack: CapturedStack | undefined) => ({ revision, ...findCallSite(stack?.stack, file) })

  const violate = <E extends RevError>(error: E): E => {
    state.violation ??= error
    return error
  }

  const late = (statement: string, stack: CapturedStack | undefined): RevError =>
    violate(new RevError('REV_STEP_FORGOTTEN', { ...place(stack), statement, state: 'late', more: 0 }))

  const tooLate = (statement: () => string, stack: CapturedStack | undefined): Promise<never> | undefined => {
    if (state.phase === 'working') return undefined
    return state.abandoned ? never : Promise.reject(late(statement(), stack))
  }

  const givenUp = (): RevError => {
    const { sql: statement, stack } = state.lastFailed ?? {}
    return violate(new RevError('REV_STEP_TRANSACTION_ABORTED', { ...place(stack), statement, isGone: true }))
  }

  const refuse = (client: InternalClient, { sql }: QueryObject): RevError | undefined => {
    const stack = origin.get()
    if (state.phase !== 'working') return late(sql, stack)
    // What the journal cannot tell, or could not be told, ends the step, whatever the function makes of that error: what came
    // behind it might be kept.
    const { violation } = state
    if (isRevError(violation, 'REV_JOURNAL_UNCLEAR') || isRevError(violation, 'REV_DATABASE_QUERY_FAILED'))
      return violation
    options.beforeStatement?.()
    if (signal.aborted) return interruption(signal)
    if (levels.isGivenUp && levels.levelOf(client) !== levels.bottom) return givenUp()
    if (levels.levelOf(client) !== levels.top() && !isForeignKeyPragma(sql)) {
      return violate(new RevError('REV_STEP_CONCURRENT_TRANSACTION', { ...place(stack), statement: sql }))
    }
    if (levels.top() !== levels.bottom && endsTransaction(sql, family)) {
      return violate(new RevError('REV_STEP_TRANSACTION_ENDED', { ...place(stack), statement: sql }))
    }
    return undefined
  }

  const count = (level: Level, query: QueryObject): void => {
    state.statements++
    level.done++
    if (level === levels.bottom) {
      state.committedStatements++
      return
    }
    const status = connection.dialect.name === 'mysql' ? statusOfAnswer([query.response].flat()[0]) : undefined
    if (status !== 'ended') return
    state.implicitCommit = true
    state.committedStatements += levels.openStatements() - levels.bottom.done
    levels.forgetStatements()
  }

  const fail = (error: unknown, query: QueryObject, stack: CapturedStack | undefined): FailedStatement => {
    const words = driverWords(error, query.sql)
    const message = withoutValues(words, query.bindings)
    const failed = { sql: query.sql, stack, message, position: errorPosition(error, words, query.sql) }
    state.lastFailed = failed
    if (typeof error === 'object' && error !== null) failures.set(error, failed)
    return failed
  }

  const run = async ({ client, query, stack, record }: Sent, send: () => Promise<unknown>): Promise<unknown> => {
    const level = levels.levelOf(client)
    const around = surround(query.sql)
    const inTransaction = level !== levels.bottom
    if (inTransaction && connection.dialect.name === 'postgresql' && mayEndTransaction(query.sql, family)) {
      state.mark ??= await transactionMark(connection)
    }
    // Nothing is awaited before an ordinary statement is sent, so that the order of sending is the order of asking.
    const bindings = query.bindings?.length ?? 0
    const wasOpen = options.record?.isOpen ?? !state.implicitCommit
    const whole = around === undefined ? send : (): Promise<unknown> => around(send)
    const started = performance.now()
    try {
      if (record !== undefined && (await record.skip(query, inTransaction))) {
        state.skipped++
        return query
      }
      const sendOnce = record === undefined ? whole : () => record.statement(query, inTransaction, whole)
      const answer = await patiently({ levels, state, options }, client, query, sendOnce)()
      options.onStatement?.({ sql: query.sql, bindings, ms: performance.now() - started, changed: rowsChanged(query) })
      count(level, query)
      return answer
    } catch (error) {
      if (isRevError(error)) throw violate(error)
      const { message } = fail(error, query, stack)
      if (inTransaction && (await tookAllBack(connection, wasOpen, query.sql, error))) {
        levels.giveUp()
        record?.givenUp()
      }
      options.onStatement?.({ sql: query.sql, bindings, ms: performance.now() - started, error: message })
      throw error
    }
  }

  const settle = (work: Promise<unknown>, sql: string): Promise<unknown> => {
    inFlight.set(work, sql)
    return work.then(
      (answer) => {
        inFlight.delete(work)
        return state.abandoned ? never : answer
      },
      (error: unknown) => {
        inFlight.delete(work)
        return state.abandoned ? never : Promise.reject(error)
      },
    )
  }

  const { begin, end } = createTransactionControl({
    connection,
    options,
    state,
    levels,
    tooLate,
    violate,
    givenUp,
    place,
    settle,
  })

  return {
    state,
    forgotten: new ForgottenWork(revision, file, family),
    levels,
    origin,
    failures,
    tooLate,
    refuse,
    violate,
    givenUp,
    statement(client, query, send) {
      const stack = origin.get()
      // Both may have to wait: for their turn, and for what is asked before the statement is sent.
      const sendHere = (): Promise<unknown> => origin.run(stack, send)
      const work = (): Promise<unknown> => run({ client, query, stack, record }, sendHere)
      return settle(record === undefined ? work() : record.inTurn(() => origin.run(stack, work)), query.sql)
    },
    stream(client, query, send) {
      return settle(run({ client, query, stack: origin.get(), record: undefined }, send), query.sql)
    },
    control(client, sql, direct) {
      const send = record === undefined ? direct : () => record.control(sql, direct)
      if (/^(?:begin|savepoint|start)/i.test(sql)) return begin(client, sql, send)
      if (/^(?:commit|release|rollback)/i.test(sql)) return end(client, sql, send)
      return send()
    },
    stoppable: () =>
      levels.top() !== levels.bottom &&
      [...inFlight.values()].every((sql) => connection.dialect.transactionalDdl || !isDefinition(sql, family)),
    async idle() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight.keys())
    },
  }
}

const never: Promise<never> = new Promise(() => {})

function driverWords(error: unknown, sql: string): string {
  const { message, sqlMessage } = error as { message?: unknown; sqlMessage?: unknown }
  if (typeof sqlMessage === 'string') return sqlMessage
  const text = typeof message === 'string' ? message : String(error)
  return text.startsWith(`${sql} - `) ? text.slice(sql.length + 3) : text
}
