/** What a step did before it failed, and where; the runner turns it into REV_STEP_FAILED. */
export interface StepFailureFacts {
  /** The failing statement with its placeholders; undefined when the revision's own code threw. */
  readonly statement: string | undefined
  /** Where in `statement` the database points, counted from 1. */
  readonly position: number | undefined
  /** Where in the revision file the statement was built, or the error thrown. */
  readonly file: string | undefined
  readonly line: number | undefined
  /** The driver's own words, without the statement and the values that Knex puts before them. */
  readonly driverMessage: string
  /** Statements that had worked before. */
  readonly statements: number
  /** Of these, how many are in the database for good. */
  readonly committedStatements: number
  /** True when nothing of the step is left. */
  readonly rolledBack: boolean
  /** True when it cannot be known what is left: a connection lost in COMMIT, a commit hidden in a longer text. */
  readonly uncertain?: boolean
}

/** A revision's function threw, or one of its statements failed. Never reaches users as it is. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
  readonly facts: StepFailureFacts

  constructor(facts: StepFailureFacts, cause: unknown) {
    super(facts.driverMessage, { cause })
    this.facts = facts
  }
}
