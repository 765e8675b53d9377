import { RevError } from '../errors/index.ts'
import type { StepOutcome } from '../errors/step-outcome.ts'
import { StepFailure } from './handle/step-failure.ts'
import type { LeftBehind } from './journal/left-behind.ts'
import { hintFor } from './known-errors.ts'
import type { StepOfRun } from './step-of-run.ts'
import { tellOutcome } from './tell-outcome.ts'

/** What a step that failed has left. */
export interface StepLeavings {
  /** Statements that were committed before the version rows, as far as they were counted. */
  readonly committed: number
  /** Whether there is a journal, which knows better. */
  readonly isJournaled: boolean
  /** What it says; undefined where it cannot be read, or there is none. */
  readonly left: LeftBehind | undefined
}

/**
 * What is told of a step that failed: REV_STEP_FAILED for what the revision or a statement of it threw, rev's own errors
 * with how the run stands now.
 */
export function toStepError(run: StepOfRun, error: unknown, leavings: StepLeavings): Error {
  const { database, options, steps, index, step } = run
  const { redactor } = database
  const ids = steps.map(({ revision }) => revision)
  const whatIsLeft = leftOf(step.transaction, leavings)
  const outcome: StepOutcome & { readonly failed: string } = {
    // In one transaction nothing is done until all is.
    done: options.singleTransaction ? [] : ids.slice(0, index),
    failed: step.revision,
    notRun: options.singleTransaction ? ids.filter((_, at) => at !== index) : ids.slice(index + 1),
    ...whatIsLeft,
    ...(options.singleTransaction ? { singleTransaction: true } : {}),
  }
  if (!(error instanceof StepFailure)) {
    return tellOutcome(redactor.error(error instanceof Error ? error : new Error(String(error))), outcome)
  }
  const { statement, position, file, line, driverMessage, ...counted } = error.facts
  const uncertain = counted.uncertain === true || whatIsLeft.uncertain === true
  const remedy = hintFor(error.cause)
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
      ...(leavings.isJournaled
        ? {}
        : { rolledBack: counted.rolledBack, committedStatements: counted.committedStatements }),
      ...(uncertain ? { uncertain } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    { cause: redactor.error(error.cause) },
  )
}

type Left = Pick<StepOutcome, 'rolledBack' | 'committedStatements' | 'kept' | 'unknown' | 'uncertain'>

function leftOf(transaction: boolean, { committed, isJournaled, left }: StepLeavings): Left {
  if (left === undefined) {
    const counted = { rolledBack: transaction && committed === 0, committedStatements: committed }
    // The connection is gone, and with it the answer.
    return isJournaled ? { ...counted, uncertain: true } : counted
  }
  const { kept, unknown } = left
  return {
    rolledBack: kept.length === 0 && unknown.length === 0,
    committedStatements: kept.length,
    kept,
    ...(unknown.length === 0 ? {} : { unknown }),
  }
}
