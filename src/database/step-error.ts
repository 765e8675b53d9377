import { RevError } from '../errors/index.ts'
import type { StepOutcome } from '../errors/step-outcome.ts'
import { StepFailure } from './handle/step-failure.ts'
import type { StepJournal } from './journal/step-journal.ts'
import { hintFor, isConnectionLost } from './known-errors.ts'
import { explainLimit, type LimitedWork, type LimitFacts } from './limits/explain-limit.ts'
import type { LimitsInForce } from './limits/run-limits.ts'
import type { StepOfRun } from './step-of-run.ts'
import { tellOutcome } from './tell-outcome.ts'
import { findLeft } from './what-is-left.ts'

/** An attempt at a step, as far as its error tells of it. */
export interface FailedAttempt {
  /** Statements that were committed before the version rows, as far as they were counted. */
  readonly committed: number
  /** Knows better, where there is one. */
  readonly journal: StepJournal | undefined
  readonly inForce: LimitsInForce
  /** The limits that the revision has set by SQL of its own. */
  readonly limitsSet: ReadonlySet<string>
  /** How often the step was tried, this time included. */
  readonly attempts: number
}

/**
 * What is told of a step that failed: REV_STEP_FAILED for what the revision or a statement of it threw, rev's own errors
 * with how the run stands now.
 */
export async function toStepError(run: StepOfRun, error: unknown, attempt: FailedAttempt): Promise<Error> {
  const { database, options, steps, index, step } = run
  const { redactor } = database
  const ids = steps.map(({ revision }) => revision)
  const facts = error instanceof StepFailure ? error.facts : undefined
  const whatIsLeft = await findLeft(run, facts, { ...attempt, isLost: isConnectionLost(error) })
  // Its commit went through, so it counts as done.
  const doneUpTo = whatIsLeft.inDatabase ? index + 1 : index
  const outcome: StepOutcome & { readonly failed: string } = {
    // In one transaction nothing is done until all is.
    done: options.singleTransaction ? [] : ids.slice(0, doneUpTo),
    failed: step.revision,
    notRun: options.singleTransaction ? ids.filter((_, at) => at !== index) : ids.slice(index + 1),
    ...whatIsLeft,
    ...(options.singleTransaction ? { singleTransaction: true } : {}),
  }
  if (!(error instanceof StepFailure) || facts === undefined) {
    return tellOutcome(redactor.error(error instanceof Error ? error : new Error(String(error))), outcome)
  }
  const { statement, position, file, line, driverMessage } = facts
  const work: LimitedWork = { what: 'revision', setsOwn: (name) => attempt.limitsSet.has(name) }
  const known: LimitFacts = await explainLimit(database.connection, attempt.inForce, work, error.cause, statement)
  const { remedy = hintFor(error.cause), ...limitFacts } = known
  return new RevError(
    'REV_STEP_FAILED',
    {
      revision: step.revision,
      file: file ?? step.file,
      line,
      direction: step.direction === 'downgrade' ? 'downgrade' : 'upgrade',
      statement: statement === undefined ? undefined : redactor.text(statement),
      position,
      driverMessage: redactor.text(driverMessage),
      ...outcome,
      ...limitFacts,
      ...(attempt.attempts > 1 ? { attempts: attempt.attempts } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: redactor.error(error.cause) },
  )
}
