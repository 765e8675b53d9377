/** A statement of a step, as the journal numbers it. */
export interface NumberedStatement {
  /** Its place among those of the step that change something, from 1. */
  readonly number: number
  /** With placeholders, never with values. */
  readonly statement: string
}

/** How a run stands when a step, or what is between two steps, has ended it. */
export interface StepOutcome {
  /** Revisions done before in this run, and kept. */
  readonly done: readonly string[]
  /** The step that ended badly; undefined between two steps. */
  readonly failed?: string | undefined
  readonly notRun: readonly string[]
  /** True when nothing of the failed step is left. */
  readonly rolledBack: boolean
  /** Statements of the failed step that are in the database for good. */
  readonly committedStatements: number
  /** Those of them that the journal has, in order; undefined where none is kept. */
  readonly kept?: readonly NumberedStatement[]
  /** Statements of which rev could not find out whether they took place. */
  readonly unknown?: readonly NumberedStatement[]
  /** True when a script has left the step half way before, of which nothing is known but that. */
  readonly byScript?: boolean
  /** True when an index of PostgreSQL may be there that is not valid, because building it failed. */
  readonly invalidIndex?: boolean
  /** True when the connection was lost in the middle of the commit: the step may be in the database or not. */
  readonly uncertain?: boolean
  /** True when the step is done all the same: its commit went through, and the connection was lost before it said so. */
  readonly inDatabase?: boolean
  /** True when the whole run was one transaction. */
  readonly singleTransaction?: boolean
  /** Of `done`, what was downgraded again because a later step failed, newest first; undefined when that was not asked for. */
  readonly takenBack?: readonly string[]
  /** Why not all of `done` was. */
  readonly notTakenBack?: string
}

/** For errors that may, or may not, have ended a step. */
export interface WithOutcome {
  readonly outcome?: StepOutcome
}

/** The outcome as further lines of a message: what is left of the failed step, and what is done, failed and not run. */
export function outcomeLines(outcome: StepOutcome | undefined): string {
  if (outcome === undefined) return ''
  const { done, failed, notRun } = outcome
  const parts = [
    `done: ${list(done)}`,
    ...(failed === undefined || outcome.inDatabase ? [] : [`failed: ${failed}`]),
    `not run: ${list(notRun)}`,
  ]
  return `${failed === undefined ? '' : `\n${whatIsLeft(outcome)}`}\n${parts.join('; ')}.${takenBackLine(outcome)}`
}

function takenBackLine({ takenBack, notTakenBack }: StepOutcome): string {
  if (takenBack === undefined) return ''
  const what =
    takenBack.length === 0 ? 'nothing of what was done was downgraded again' : `downgraded again: ${list(takenBack)}`
  return `\n${what}${notTakenBack === undefined ? '' : `; ${notTakenBack}`}.`
}

const LONGEST_LINE = 100
const MOST_LINES = 12

/** Statements as lines of a message, each on one line and with its number. */
export function statementLines(statements: readonly NumberedStatement[]): string {
  const shown = statements.length > MOST_LINES ? statements.slice(1 - MOST_LINES) : statements
  const left = statements.length - shown.length
  const lines = shown.map(({ number, statement }) => `\n  ${number === 0 ? '' : `${number}  `}${oneLine(statement)}`)
  return `${left === 0 ? '' : `\n  ... (${left} before)`}${lines.join('')}`
}

function oneLine(statement: string): string {
  const line = statement.trim().replace(/\s+/g, ' ')
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}...` : line
}

function whatIsLeft(outcome: StepOutcome): string {
  const line = withoutIndex(outcome)
  return outcome.invalidIndex
    ? `${line}\nthe index that was not finished may be there, and is not valid; the next run takes it away.`
    : line
}

function withoutIndex({
  rolledBack,
  committedStatements: count,
  uncertain,
  singleTransaction,
  kept,
  unknown = [],
  byScript,
  inDatabase,
}: StepOutcome): string {
  if (inDatabase) return 'the connection was lost while the step was committed; it is done, and in the database.'
  if (uncertain) {
    return 'the connection was lost or the transaction ended before the outcome was known: the step may be in the database, or not.'
  }
  if (rolledBack) {
    return singleTransaction
      ? 'the whole run was rolled back; nothing of it is left.'
      : 'the step was rolled back; nothing of it is left.'
  }
  if (byScript) {
    return 'what a script has left of the step is in the database as before, and rev does not know which statements of it.'
  }
  const words = `the step was not rolled back: ${count === 1 ? '1 statement of it is' : `${count} statements of it are`} in the database`
  const known = kept === undefined || kept.length === 0 ? `${words}.` : `${words}:${statementLines(kept)}`
  return unknown.length === 0 ? known : `${known}\nwhether this took place is not known:${statementLines(unknown)}`
}

function list(revisions: readonly string[]): string {
  return revisions.length === 0 ? 'none' : revisions.join(', ')
}
