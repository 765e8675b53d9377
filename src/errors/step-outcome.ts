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
  /** True when the connection was lost in the middle of the commit: the step may be in the database or not. */
  readonly uncertain?: boolean
  /** True when the whole run was one transaction. */
  readonly singleTransaction?: boolean
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
    ...(failed === undefined ? [] : [`failed: ${failed}`]),
    `not run: ${list(notRun)}`,
  ]
  return `${failed === undefined ? '' : `\n${whatIsLeft(outcome)}`}\n${parts.join('; ')}.`
}

function whatIsLeft({ rolledBack, committedStatements: count, uncertain, singleTransaction }: StepOutcome): string {
  if (uncertain) {
    return 'the connection was lost or the transaction ended before the outcome was known: the step may be in the database, or not.'
  }
  if (rolledBack) {
    return singleTransaction
      ? 'the whole run was rolled back; nothing of it is left.'
      : 'the step was rolled back; nothing of it is left.'
  }
  return `the step was not rolled back: ${count === 1 ? '1 statement of it is' : `${count} statements of it are`} in the database.`
}

function list(revisions: readonly string[]): string {
  return revisions.length === 0 ? 'none' : revisions.join(', ')
}
