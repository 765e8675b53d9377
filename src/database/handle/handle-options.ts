import type { Patience } from '../limits/send-again.ts'
import type { StatementRecord } from './statement-record.ts'

/** One statement of a revision that reached the database; transaction control and rev's own checks are not reported. */
export interface StatementReport {
  /** With placeholders, never with values. */
  readonly sql: string
  /** How many values were bound. */
  readonly bindings: number
  readonly ms: number
  /** Rows that it inserted, changed or removed; 0 for what changes none, undefined when it failed. */
  readonly changed?: number
  /** The driver's words when it failed. */
  readonly error?: string
}

/** What a step has done. */
export interface StepFacts {
  readonly statements: number
  /** True when a statement ended the transaction by itself (DDL of MySQL and MariaDB). */
  readonly implicitCommit: boolean
  /** How many statements were committed before the version rows were. */
  readonly committedStatements: number
}

/** How one function of a revision is to be run, and who hears of it. */
export interface HandleOptions {
  readonly transaction: boolean
  /** SQLite: leave foreign keys on in the transaction, so that they hold and cascade at once. Default false. */
  readonly keepForeignKeys?: boolean
  readonly revision: string
  /** The revision file, absolute; undefined when the revision was handed in as an object. */
  readonly file: string | undefined
  readonly signal: AbortSignal
  /** Keeps a record of what is committed before the step is done; undefined where nothing is. */
  readonly record?: StatementRecord | undefined
  /** Called before each statement, and may abort the signal: then it is not sent. */
  beforeStatement?(): void
  /** Sends each statement, and perhaps again. Default: once. */
  readonly patience?: Patience
  onStatement?(statement: StatementReport): void
  /** Called after the work and before it is committed; when the step fails, before that is told. */
  onFacts?(facts: StepFacts): void
}
