import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

/** One statement of a revision that reached the database; transaction control and rev's own checks are not reported. */
export interface StatementReport {
  /** With placeholders, never with values. */
  readonly sql: string
  /** How many values were bound. */
  readonly bindings: number
  readonly ms: number
  /** The driver's words when it failed. */
  readonly error?: string
}

/** What a step that worked has done. */
export interface StepFacts {
  readonly statements: number
  /** True when a statement ended the transaction by itself (DDL of MySQL and MariaDB). */
  readonly implicitCommit: boolean
  /** How many statements were committed before the version rows were. */
  readonly committedStatements: number
}

export interface HandleOptions {
  readonly transaction: boolean
  readonly revision: string
  /** The revision file, absolute; undefined when the revision was handed in as an object. */
  readonly file: string | undefined
  readonly signal: AbortSignal
  onStatement(statement: StatementReport): void
  /** Called once, after the work and before it is committed. */
  onFacts?(facts: StepFacts): void
}

/**
 * Runs `work` with a guarded Knex on the pinned connection, then `inside` (the version rows), both in one transaction
 * where there is one; resolves to what `inside` gave. Without a transaction `inside` has a short one of its own.
 * Throws StepFailure when the function or a statement failed, REV_STEP_* when the revision cheated,
 * REV_INTERRUPTED or REV_TERMINATED when the signal said so, and what `inside` threw as it is.
 */
export function withHandle<T>(
  connection: PinnedConnection,
  options: HandleOptions,
  work: (knex: Knex) => unknown,
  inside: () => Promise<T>,
): Promise<T> {
  return Promise.reject(
    new RevError('REV_INTERNAL', {
      what: `no handle for ${connection.dialect.name} ${options.revision} ${work.name} ${inside.name}`,
    }),
  )
}
