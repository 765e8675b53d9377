import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import { interruption } from '../interruption.ts'
import { isConnectionLost } from '../known-errors.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { prepareStep, type StepSafety } from '../sqlite/step-safety.ts'
import { readBackslashMode } from './backslash-mode.ts'
import { findCallSite } from './call-site.ts'
import { explainFailure, noticeImplicitCommit } from './explain-failure.ts'
import { createGuardedClient, makeKnex, ownTransaction } from './guarded-client.ts'
import type { HandleOptions } from './handle-options.ts'
import type { InternalClient } from './knex-internals.ts'
import { findOuterTransaction } from './outer-transaction.ts'
import { beginStatement, inOwnTransaction } from './own-transaction.ts'
import { refuseEnding } from './refuse-ending.ts'
import { abandon, runWork } from './run-work.ts'
import { createStatementGate, type StatementGate } from './statement-gate.ts'
import { StepFailure } from './step-failure.ts'
import { transactionMark, transactionState } from './transaction-state.ts'
import { watchBatchInsert } from './watch-batch-insert.ts'
import { createWorkWatch, type WorkWatch } from './work-watch.ts'

export type { HandleOptions, StatementReport, StepFacts } from './handle-options.ts'
export type { WorkWatch } from './work-watch.ts'

interface Run<T> {
  readonly connection: PinnedConnection
  readonly options: HandleOptions
  readonly gate: StatementGate
  readonly client: InternalClient
  readonly safety: StepSafety
  readonly nested: boolean
  readonly work: (knex: Knex, watch: WorkWatch) => unknown
  readonly inside: () => Promise<T>
}

/**
 * Runs `work` with a guarded Knex on the pinned connection, then `inside` (the version rows), both in one transaction
 * where there is one; resolves to what `inside` gave. Without a transaction `inside` has a short one of its own.
 * Throws StepFailure when the function or a statement failed, REV_STEP_* when the revision cheated,
 * REV_INTERRUPTED or REV_TERMINATED when the signal said so, and what `inside` threw as it is.
 */
export async function withHandle<T>(
  connection: PinnedConnection,
  options: HandleOptions,
  work: (knex: Knex, watch: WorkWatch) => unknown,
  inside: () => Promise<T>,
): Promise<T> {
  const outer = findOuterTransaction(connection)
  const nested = connection.joined || outer !== undefined
  const step = { revision: options.revision, file: options.file }
  const suspendHere = options.transaction && !nested && options.keepForeignKeys !== true
  const foreignKeys = outer?.foreignKeysSuspended ? 'suspended' : suspendHere ? 'suspend' : 'leave'
  const safety = await prepareStep(connection, step, foreignKeys)
  const gate = createStatementGate(connection, options, safety.surround)
  const mode = await readBackslashMode(connection)
  const client = createGuardedClient(connection, options, gate, nested, mode)
  const run: Run<T> = { connection, options, gate, client, safety, nested, work, inside }
  let value: T
  try {
    value = await (options.transaction ? inTransaction(run) : withoutTransaction(run))
  } catch (error) {
    reportFacts(run)
    // A connection that is gone has nothing to restore, and must not hide why.
    await safety.restore(false).catch(() => {})
    throw error
  }
  await safety.restore(true)
  return value
}

function watched<T>({ gate, work }: Run<T>): (knex: Knex) => unknown {
  return (knex) => work(knex, createWorkWatch(gate))
}

async function inTransaction<T>(run: Run<T>): Promise<T> {
  const { connection, options, gate, client, safety, nested } = run
  const { state } = gate
  let failure: { readonly error: unknown } | undefined

  const container = async (trx: Knex.Transaction): Promise<T> => {
    const allowEnding = refuseEnding(trx, gate, options)
    try {
      // Knex calls its function also when the transaction could not be begun.
      if (state.beginError !== undefined) throw state.beginError
      await runWork(connection, gate, options.signal, watched(run), trx).catch(async (error: unknown) => {
        throw await explainFailure(connection, options, gate, error)
      })
      options.record?.finish()
      await assertTransaction(run)
      await safety.check()
      reportFacts(run)
      const value = await run.inside()
      if (state.violation !== undefined) throw state.violation
      return value
    } catch (error) {
      failure = { error }
      await abandon(gate)
      throw error
    } finally {
      state.phase = 'ending'
      allowEnding()
    }
  }

  try {
    return (await client.transaction(container, ownTransaction(), null)) as T
  } catch (error) {
    if (!nested) await rollBackLeftovers(connection)
    const begun = state.beginError === undefined
    if (!begun && options.signal.aborted) throw interruption(options.signal)
    if (failure !== undefined && begun) throw failure.error
    throw new StepFailure(controlFacts(run, begun ? 'COMMIT' : 'BEGIN', error), error)
  }
}

async function withoutTransaction<T>(run: Run<T>): Promise<T> {
  const { connection, options, gate, client, safety, nested } = run
  const knex = await makeKnex(client)
  watchBatchInsert(knex, gate.forgotten)
  try {
    await runWork(connection, gate, options.signal, watched(run), knex)
    options.record?.finish()
  } catch (error) {
    const explained = await explainFailure(connection, options, gate, error)
    if (!nested) await rollBackLeftovers(connection)
    throw explained
  }
  if (!nested && (await rollBackLeftovers(connection))) {
    throw new RevError('REV_STEP_TRANSACTION_LEFT_OPEN', {
      revision: options.revision,
      file: options.file,
      line: undefined,
    })
  }
  await safety.check()
  reportFacts(run)
  return inOwnTransaction(connection, nested, run.inside)
}

/** Throws when the transaction that the version rows shall go into is not the one that the work was done in. */
async function assertTransaction<T>({ connection, options, gate }: Run<T>): Promise<void> {
  const { state, levels } = gate
  if (levels.isGivenUp) throw gate.givenUp()
  await noticeImplicitCommit(connection, options, gate)
  if (state.implicitCommit) {
    // From here on it is rev's own statements only, and these can be held together.
    await connection.query(beginStatement(connection))
    return
  }
  // The question costs a round trip on a server, and only these two can have changed the answer.
  if (connection.dialect.name !== 'sqlite' && state.lastFailed === undefined && state.mark === undefined) return
  const now = await transactionState(connection)
  const place = { revision: options.revision, file: options.file, line: undefined, statement: undefined }
  if (now === 'aborted') {
    const site = findCallSite(state.lastFailed?.stack?.stack, options.file)
    throw new RevError('REV_STEP_TRANSACTION_ABORTED', { ...place, ...site, statement: state.lastFailed?.sql })
  }
  const replaced = state.mark !== undefined && now === 'open' && (await transactionMark(connection)) !== state.mark
  if (now !== 'ended' && !replaced) return
  // What the revision ended, it may have kept.
  state.committedStatements += levels.openStatements()
  levels.forgetStatements()
  throw new RevError('REV_STEP_TRANSACTION_ENDED', place)
}

function reportFacts<T>({ options, gate: { state } }: Run<T>): void {
  const { statements, implicitCommit, committedStatements } = state
  options.onFacts?.({ statements, implicitCommit, committedStatements })
}

/** Ends a transaction that is still open where none may be; says whether there was one. */
async function rollBackLeftovers(connection: PinnedConnection): Promise<boolean> {
  const now = await transactionState(connection).catch(() => 'unknown')
  if (now !== 'open' && now !== 'aborted') return false
  await connection.query('ROLLBACK').catch(() => {})
  return true
}

function controlFacts<T>({ options, gate: { state } }: Run<T>, statement: string, error: unknown) {
  const words = error instanceof Error ? error.message : String(error)
  return {
    statement,
    position: undefined,
    file: options.file,
    line: undefined,
    driverMessage: words.replace(/^(?:begin|commit|savepoint|release)[\w ]*;? - /i, ''),
    statements: state.statements,
    committedStatements: state.committedStatements,
    rolledBack: state.committedStatements === 0,
    uncertain: statement === 'COMMIT' && isConnectionLost(error),
  }
}
