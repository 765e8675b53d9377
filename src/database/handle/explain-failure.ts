import { isRevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { findCallSite } from './call-site.ts'
import type { HandleOptions } from './handle-options.ts'
import type { StatementGate } from './statement-gate.ts'
import { StepFailure } from './step-failure.ts'
import type { FailedStatement } from './step-state.ts'
import { transactionMark, transactionState } from './transaction-state.ts'

const MAX_CAUSES = 10

/** What a function of a revision threw, as a StepFailure; errors of rev itself stay what they are. Call before rolling back. */
export async function explainFailure(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
  error: unknown,
): Promise<unknown> {
  const failed = findFailedStatement(gate, error)
  if (!gate.levels.isGivenUp) await noticeImplicitCommit(connection, options, gate)
  const uncertain = (await noticeHiddenEnd(connection, options, gate)) === 'unknown'
  if (isRevError(error)) return error
  const thrown = error instanceof Error ? error.stack : undefined
  const built = findCallSite(failed?.stack?.stack, options.file)
  const site = built.line === undefined ? findCallSite(thrown, options.file) : built
  const { statements, committedStatements } = gate.state
  return new StepFailure(
    {
      statement: failed?.sql,
      position: failed?.position,
      file: site.file ?? options.file,
      line: site.line,
      driverMessage: messageOf(error, failed),
      statements,
      committedStatements,
      rolledBack: options.transaction && committedStatements === 0 && !uncertain,
      ...(uncertain ? { uncertain } : {}),
    },
    error,
  )
}

// A revision that wraps a statement's error says something by it, so its words come first.
function messageOf(error: unknown, failed: FailedStatement | undefined): string {
  const words = error instanceof Error ? error.message : String(error)
  if (failed === undefined) return words
  return words.includes(failed.sql) ? failed.message : words === '' ? failed.message : wrapped(words, failed.message)
}

function wrapped(words: string, message: string): string {
  return words === message || words.endsWith(message) ? words : `${words}: ${message}`
}

function findFailedStatement(gate: StatementGate, error: unknown): FailedStatement | undefined {
  let current = error
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    if (typeof current !== 'object' || current === null) return undefined
    const failed = gate.failures.get(current)
    if (failed !== undefined) return failed
    current = (current as { cause?: unknown }).cause
  }
  return undefined
}

/**
 * Whether a statement replaced or ended the transaction of the step, unseen in a longer text; what it held counts as
 * committed then. `unknown` when the transaction that is left is aborted, and so cannot be asked which one it is.
 */
async function noticeHiddenEnd(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
): Promise<'kept' | 'none' | 'unknown'> {
  const { state, levels } = gate
  if (!options.transaction || state.mark === undefined) return 'none'
  // A connection that is gone has rolled back what was open; what was committed before it cannot be known.
  const now = await transactionState(connection).catch(() => 'unknown' as const)
  if (now === 'aborted' || now === 'unknown') return 'unknown'
  if (now === 'open' && (await transactionMark(connection).catch(() => undefined)) === state.mark) return 'none'
  state.committedStatements += levels.openStatements()
  levels.forgetStatements()
  return 'kept'
}

/**
 * Some statements commit on MySQL and MariaDB without saying so: a definition that fails, and those that answer with rows
 * (ANALYZE TABLE, OPTIMIZE TABLE). Only the connection can tell.
 */
export async function noticeImplicitCommit(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
): Promise<void> {
  const { state, levels } = gate
  if (connection.dialect.name !== 'mysql' || !options.transaction) return
  if (state.statements === 0 && state.lastFailed === undefined) return
  // A connection that is gone has rolled back.
  const now = await transactionState(connection).catch(() => 'unknown')
  if (now !== 'ended') return
  state.implicitCommit = true
  state.committedStatements += levels.openStatements()
  levels.forgetStatements()
}
