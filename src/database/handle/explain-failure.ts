import { isRevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { findCallSite } from './call-site.ts'
import type { HandleOptions } from './handle-options.ts'
import type { StatementGate } from './statement-gate.ts'
import { StepFailure } from './step-failure.ts'
import type { FailedStatement } from './step-state.ts'
import { transactionState } from './transaction-state.ts'

const MAX_CAUSES = 10

/** What a function of a revision threw, as a StepFailure; errors of rev itself stay what they are. Call before rolling back. */
export async function explainFailure(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
  error: unknown,
): Promise<unknown> {
  await noticeImplicitCommit(connection, options, gate)
  if (isRevError(error)) return error
  const failed = findFailedStatement(gate, error)
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
      rolledBack: options.transaction && committedStatements === 0,
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

/** A definition that fails on MySQL or MariaDB has committed what was before it; its error does not say so. */
export async function noticeImplicitCommit(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
): Promise<void> {
  const { state, levels } = gate
  if (connection.dialect.name !== 'mysql' || !options.transaction || state.lastFailed === undefined) return
  // A connection that is gone has rolled back.
  const now = await transactionState(connection).catch(() => 'unknown')
  if (now !== 'ended') return
  state.implicitCommit = true
  state.committedStatements += levels.openStatements()
  levels.forgetStatements()
}
