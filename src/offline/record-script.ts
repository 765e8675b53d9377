import { interruption } from '../database/interruption.ts'
import { isRevError } from '../errors/index.ts'
import { comments } from './comment.ts'
import { scriptDialect } from './dialects/index.ts'
import type { LazyShadow } from './lazy-shadow.ts'
import { recordStep } from './record-step.ts'
import { commandFor } from './revision-words.ts'
import type { ScriptJob } from './script-jobs.ts'
import type { ScriptParts } from './script-parts.ts'
import type { RecordedScript, ScriptRun } from './script-run.ts'
import { ScriptSink } from './script-sink.ts'
import { ScriptSpool } from './script-spool.ts'

/** Calls the functions of the steps and keeps what they do. Throws REV_OFFLINE_*, REV_STEP_* and what interrupts. */
export async function recordScript(
  parts: ScriptParts,
  job: ScriptJob,
  shadow: LazyShadow,
  number: number,
): Promise<RecordedScript> {
  const dialect = await scriptDialect(parts, job)
  const body = new ScriptSpool(parts.folder, `script-${number}`)
  const sink = new ScriptSink(dialect, {
    write: (text) => body.write(text),
    forward: (sql) => shadow.forward(run.revision, sql),
  })
  const run: ScriptRun = {
    parts,
    job,
    dialect,
    sink,
    shadow,
    checks: new Map(),
    done: [],
    revision: '',
    borrowedName: undefined,
    borrowedIds: new Set(),
    changesSession: false,
    backslashesIn: undefined,
    endedBy: undefined,
  }
  const recorded = { job, dialect, body, forwardedBefore: shadow.length, checks: run.checks, done: run.done }
  const here = (): Begun => ({ body: body.length, shadow: shadow.length, checks: run.checks.size })
  let begun = here()
  try {
    const rows = await recordSteps(run, () => {
      begun = here()
    })
    const { changesSession, backslashesIn } = run
    return { ...recorded, rows, changesSession, backslashesIn, stopsBefore: undefined }
  } catch (error) {
    if (run.endedBy !== undefined && isRevError(error, 'REV_OFFLINE_READ')) {
      await endBefore(run, run.endedBy, body, begun)
      const rows = job.steps[run.done.length - 1]?.rows ?? job.startRows
      const { changesSession, revision } = run
      const backslashesIn = run.backslashesIn === revision ? undefined : run.backslashesIn
      return { ...recorded, rows, changesSession, backslashesIn, stopsBefore: revision }
    }
    await body.remove()
    throw error
  }
}

/** How far everything had come when a step began. */
interface Begun {
  readonly body: number
  readonly shadow: number
  readonly checks: number
}

/** Ends the script before the step that it is in: half of a step, where that commits, could not be run again by rev. */
async function endBefore(run: ScriptRun, reason: string, body: ScriptSpool, begun: Begun): Promise<void> {
  const { dialect, sink, shadow, checks, revision, job } = run
  // What was on its way belongs to what is taken back.
  await sink.text('')
  body.cut(begun.body)
  await shadow.cut(begun.shadow)
  for (const expression of [...checks.keys()].slice(begun.checks)) checks.delete(expression)
  dialect.rollback()
  const why = comments('', 'rev CANNOT WRITE WHAT FOLLOWS', ...reason.split('\n'), '')
  const remedy = `run it with ${commandFor(job.direction, revision)}`
  body.write(`${why}\n${dialect.stop(`revision ${revision} reads rows here; ${remedy}`)}\n`)
}

async function recordSteps(run: ScriptRun, onStep: () => void): Promise<readonly string[]> {
  const { job, parts } = run
  let before = job.startRows
  for (const [index, step] of job.steps.entries()) {
    if (parts.options.signal.aborted) throw interruption(parts.options.signal)
    run.revision = step.revision
    run.borrowedName = undefined
    run.borrowedIds.clear()
    onStep()
    const checksum = await recordStep(run, step, before, index === job.steps.length - 1)
    before = step.rows
    run.done.push({ revision: step.revision, checksum })
  }
  return before
}
