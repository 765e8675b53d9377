import type { Direction } from '../graph/plan-types.ts'
import { toSlug } from '../script/file-name.ts'
import { messageOf } from './revision-words.ts'
import type { ScriptMove } from './script-move.ts'
import type { RenderScriptOptions, ScriptFile } from './script-parts.ts'

const LONGEST_SLUG = 60

/** One script to be recorded. */
export interface ScriptJob {
  readonly file: ScriptFile
  readonly direction: Direction | 'ensure-version' | 'seed'
  readonly startRows: readonly string[]
  readonly steps: readonly ScriptMove[]
}

/** The scripts of the way that was asked for, in the order in which they are run. */
export function jobsOf(options: RenderScriptOptions): ScriptJob[] {
  const { direction, plan, startRows, scripts, split = false } = options
  if (!split || plan.steps.length === 0) {
    // The name that was given is that of the folder, then.
    const isInFolder = split && direction !== 'ensure-version'
    const name = isInFolder ? '001_nothing_to_do.sql' : (options.name ?? `${direction}.sql`)
    return [{ file: { name, kind: 'script' }, direction, startRows, steps: plan.steps }]
  }
  const digits = String(plan.steps.length).length
  return plan.steps.map((step, index) => {
    const words = [
      String(index + 1).padStart(Math.max(3, digits), '0'),
      step.revision.replace(/[^\w.-]+/g, '-'),
      toSlug(messageOf(step.revision, scripts), LONGEST_SLUG),
    ]
    const name = `${words.filter((word) => word !== '').join('_')}.sql`
    const before = index === 0 ? startRows : (plan.steps[index - 1]?.rows ?? [])
    return { file: { name, kind: 'script' }, direction, startRows: before, steps: [step] }
  })
}

/**
 * The way back of each script of an upgrade, in the order in which they would be run: the last one first. A script that
 * has nothing to do has such a way back, too: a file of that name may lie there, and lead elsewhere.
 */
export function rollbacksOf(jobs: readonly ScriptJob[]): ScriptJob[] {
  return jobs.toReversed().map(({ file, startRows, steps }) => ({
    file: { name: rollbackName(file.name), kind: 'rollback' },
    direction: 'downgrade',
    startRows: steps.at(-1)?.rows ?? startRows,
    steps: steps
      .map(({ revision }, index) => {
        const rows = index === 0 ? startRows : (steps[index - 1]?.rows ?? [])
        return { direction: 'downgrade' as const, revision, rows }
      })
      .toReversed(),
  }))
}

/** `release.sql` goes with `release.rollback.sql`. */
export function rollbackName(name: string): string {
  return /\.sql$/i.test(name) ? name.replace(/\.sql$/i, '.rollback$&') : `${name}.rollback`
}
