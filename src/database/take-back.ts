import { isRevError, RevError } from '../errors/index.ts'
import type { StepOutcome } from '../errors/step-outcome.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { LoadedStep } from './load-steps.ts'
import { isInterruption } from './run-step.ts'

/** What became of the steps that a run had done when a later one failed. */
export type TakenBack = Pick<StepOutcome, 'takenBack' | 'notTakenBack'>

/** A run that is to take back what it has done. */
export interface TakeBackOptions {
  readonly scripts: RevisionScripts
  /** What was done, in the order in which it was done. */
  readonly done: readonly LoadedStep[]
  /** The version rows before the first of them. */
  readonly before: readonly string[]
  /** Why. */
  readonly error: unknown
  /** Carries out one of these steps, which lead downwards. */
  runStep(step: LoadedStep, index: number, steps: readonly LoadedStep[], before: readonly string[]): Promise<unknown>
}

/**
 * Downgrades what the run has done, newest first, after a later step failed; all of it, or nothing where it is known
 * before that not all of it can be. Does not throw: what it could not do is told in what it gives back.
 */
export async function takeBack(options: TakeBackOptions): Promise<TakenBack> {
  const { done, error } = options
  if (done.length === 0) return {}
  const reason = whyNot(error)
  if (reason !== undefined) return { takenBack: [], notTakenBack: reason }
  const steps = await loadBackwards(options)
  if (typeof steps === 'string') return { takenBack: [], notTakenBack: steps }
  const takenBack: string[] = []
  for (const [index, step] of steps.entries()) {
    try {
      await options.runStep(step, index, steps, done.at(-1 - index)?.rows ?? [])
      takenBack.push(step.revision)
    } catch (failure) {
      return { takenBack, notTakenBack: `the downgrade of "${step.revision}" failed: ${wordsOf(failure)}` }
    }
  }
  return { takenBack }
}

function whyNot(error: unknown): string | undefined {
  if (isInterruption(error)) return 'the run was told to stop'
  if (isRevError(error, 'REV_DATABASE_LOCK_LOST')) return 'the lock is lost'
  const outcome = outcomeOf(error)
  if (outcome === undefined) return 'what the failed step has left is not known'
  if (outcome.uncertain) return 'the connection was lost'
  // Below it something would be taken away that its half stands on.
  return outcome.rolledBack
    ? undefined
    : `"${outcome.failed}" is half way, and what is there of it stands on the others`
}

async function loadBackwards({ scripts, done, before }: TakeBackOptions): Promise<LoadedStep[] | string> {
  const steps: LoadedStep[] = []
  for (const [index, step] of done.entries()) {
    const module = await scripts.get(step.revision).load()
    const work = module.downgrade
    if (work === undefined)
      return `"${step.revision}" cannot be reverted: ${module.irreversible ?? 'it has no downgrade function'}`
    const rows = index === 0 ? before : (done[index - 1]?.rows ?? before)
    steps.unshift({ ...step, direction: 'downgrade', rows, work, transaction: module.transaction })
  }
  return steps
}

function wordsOf(error: unknown): string {
  if (isRevError(error, 'REV_STEP_FAILED')) return error.details.driverMessage
  return error instanceof Error ? error.message : String(error)
}

type Outcome = StepOutcome & { readonly failed?: string | undefined }

function outcomeOf(error: unknown): Outcome | undefined {
  if (isRevError(error, 'REV_STEP_FAILED')) return error.details
  if (!isRevError(error)) return undefined
  return (error.details as { readonly outcome?: Outcome }).outcome
}

/** The same error with what was taken back. */
export function tellTakenBack(error: unknown, taken: TakenBack): unknown {
  if (taken.takenBack === undefined) return error
  if (isRevError(error, 'REV_STEP_FAILED')) {
    return new RevError('REV_STEP_FAILED', { ...error.details, ...taken }, { cause: error.cause })
  }
  const outcome = outcomeOf(error)
  if (!isRevError(error) || outcome === undefined) return error
  return new RevError(error.code, { ...error.details, outcome: { ...outcome, ...taken } } as never, {
    cause: error.cause,
  })
}
