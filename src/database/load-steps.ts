import { RevError } from '../errors/index.ts'
import type { Plan, Step } from '../graph/plan-types.ts'
import type { RevisionFunction, RevisionLimits, RevisionModule } from '../script/revision-module.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { Database } from './open-database.ts'

/** A step with what is needed to carry it out. */
export interface LoadedStep extends Step {
  readonly message: string
  readonly file: string | undefined
  readonly checksum: string | undefined
  /** Undefined for a stamp, which runs nothing. */
  readonly work: RevisionFunction | undefined
  readonly transaction: boolean
  /** Undefined for a stamp. */
  readonly limits?: RevisionLimits
}

/**
 * Loads every module of the plan, so that a file that cannot be loaded, or a way back that does not exist, stops the run
 * before its first step. Throws REV_FILE_* errors, and REV_IRREVERSIBLE with all revisions that cannot be reverted.
 */
export async function loadSteps(plan: Plan, scripts: RevisionScripts): Promise<LoadedStep[]> {
  const steps: LoadedStep[] = []
  const irreversible: { revision: string; file: string | undefined; reason: string }[] = []
  for (const step of plan.steps) {
    const script = scripts.graph.has(step.revision) ? scripts.get(step.revision) : undefined
    const file = script?.file
    const described = { ...step, message: script?.revision.message ?? '', file, checksum: script?.recordedChecksum() }
    if (step.direction === 'stamp' || script === undefined) {
      steps.push({ ...described, work: undefined, transaction: true })
      continue
    }
    const module = await script.load()
    const work = step.direction === 'upgrade' ? module.upgrade : module.downgrade
    if (work === undefined) irreversible.push({ revision: step.revision, file, reason: reasonOf(module) })
    steps.push({ ...described, work, transaction: module.transaction, limits: module.limits })
  }
  if (irreversible.length > 0) throw new RevError('REV_IRREVERSIBLE', { revisions: irreversible })
  return steps
}

function reasonOf({ irreversible }: RevisionModule): string {
  return irreversible ?? 'it has no downgrade function'
}

/** Refuses a single transaction where it cannot be one. Throws REV_DATABASE_SINGLE_TRANSACTION. */
export function assertOneTransaction({ dialect }: Database, steps: readonly LoadedStep[]): void {
  if (!dialect.transactionalDdl) {
    const reason = `on ${dialect.name} a CREATE, ALTER or DROP commits by itself`
    throw new RevError('REV_DATABASE_SINGLE_TRANSACTION', { reason, revisions: [] })
  }
  const revisions = steps.filter((step) => !step.transaction).map(({ revision }) => revision)
  if (revisions.length === 0) return
  throw new RevError('REV_DATABASE_SINGLE_TRANSACTION', { reason: 'revisions opt out of theirs', revisions })
}
