import { join } from 'node:path'
import { interruption } from '../database/interruption.ts'
import { isRevError } from '../errors/index.ts'
import { scriptDialect } from './dialects/index.ts'
import type { LazyShadow } from './lazy-shadow.ts'
import { recordStep } from './record-step.ts'
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
  const body = new ScriptSpool(join(parts.folder, `script-${number}`))
  const dialect = scriptDialect(parts, job)
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
    changesSession: false,
    endsAtRead: false,
  }
  const recorded = { job, dialect, body, checks: run.checks, done: run.done }
  try {
    const rows = await recordSteps(run)
    return { ...recorded, rows, changesSession: run.changesSession, stopsBefore: undefined }
  } catch (error) {
    if (run.endsAtRead && isRevError(error, 'REV_OFFLINE_READ')) {
      const rows = job.steps[run.done.length - 1]?.rows ?? job.startRows
      return { ...recorded, rows, changesSession: run.changesSession, stopsBefore: run.revision }
    }
    await body.remove()
    throw error
  }
}

async function recordSteps(run: ScriptRun): Promise<readonly string[]> {
  const { job, parts } = run
  let before = job.startRows
  for (const [index, step] of job.steps.entries()) {
    if (parts.options.signal.aborted) throw interruption(parts.options.signal)
    run.revision = step.revision
    run.borrowedName = undefined
    const checksum = await recordStep(run, step, before, index === job.steps.length - 1)
    before = step.rows
    run.done.push({ revision: step.revision, checksum })
  }
  return before
}
