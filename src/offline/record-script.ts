import { join } from 'node:path'
import { interruption } from '../database/interruption.ts'
import { isRevError } from '../errors/index.ts'
import { scriptDialect } from './dialects/index.ts'
import type { ScriptDialect } from './dialects/script-dialect.ts'
import type { LazyShadow } from './lazy-shadow.ts'
import type { SchemaCheck } from './reads/schema-read.ts'
import { recordStep } from './record-step.ts'
import type { ScriptJob } from './script-jobs.ts'
import type { ScriptParts } from './script-parts.ts'
import { ScriptSink } from './script-sink.ts'
import { ScriptSpool } from './script-spool.ts'
import type { ShadowNeed } from './shadow/shadow-options.ts'

/** An answer that a script relies on. */
export interface RecordedCheck {
  readonly check: SchemaCheck
  /** True when nothing had been written before it: then it is the answer at the start of the script. */
  readonly atStart: boolean
  /** Where it was asked for, as errors tell it. */
  readonly neededBy: ShadowNeed
}

/** One whose part of the script is written. */
export interface DoneRevision {
  readonly revision: string
  /** Of its file, as it was then. */
  readonly checksum: string | undefined
}

/** A script with everything known of it but its first lines. */
export interface RecordedScript {
  readonly job: ScriptJob
  readonly dialect: ScriptDialect
  /** The steps, from the first banner to the last COMMIT. */
  readonly body: ScriptSpool
  /** By expression, the first of each. */
  readonly checks: ReadonlyMap<string, RecordedCheck>
  readonly changesSession: boolean
  /** The revisions in it, in order. */
  readonly done: readonly DoneRevision[]
  /** The version rows after it. */
  readonly rows: readonly string[]
  /** The revision that a read of rows ended it before; undefined when it is whole. */
  readonly stopsBefore: string | undefined
}

/** The script that is being recorded. */
export interface ScriptRun {
  readonly parts: ScriptParts
  readonly job: ScriptJob
  readonly dialect: ScriptDialect
  readonly sink: ScriptSink
  readonly shadow: LazyShadow
  readonly checks: Map<string, RecordedCheck>
  readonly done: DoneRevision[]
  /** Whose statements are written now. */
  revision: string
  /** The name of the shadow's database, when this revision has seen it. */
  borrowedName: string | undefined
  changesSession: boolean
  /** A read of rows has ended the script, as `--on-data-read=comment` asks. */
  endsAtRead: boolean
}

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
