import { interruption } from '../database/interruption.ts'
import { revTables } from '../database/tables.ts'
import { isRevError } from '../errors/index.ts'
import { comments } from './comment.ts'
import { familyOf } from './family-of.ts'
import { headerOf } from './header.ts'
import { loadModules } from './load-modules.ts'
import { preamble } from './preamble.ts'
import { openRecordingClient } from './recording-client.ts'
import type { RenderScriptOptions, ScriptParts } from './script-parts.ts'
import { ScriptSink } from './script-sink.ts'
import { ensureVersionStatements } from './version-statements.ts'
import { writeStep } from './write-step.ts'

export interface RenderScriptResult {
  /** The dialect of the script. */
  readonly dialect: string
  /** The revisions in it, in order. */
  readonly revisions: readonly string[]
  /** The version rows after the script. */
  readonly rows: readonly string[]
}

/**
 * Writes a plan as a script for the database's own client. The same input gives the same bytes. What cannot be reverted
 * is refused, and every file is loaded, before the first byte is written. When a step fails, the script ends with a
 * rollback and says that it is not whole. Throws REV_OFFLINE_*, REV_STEP_*, REV_IRREVERSIBLE, the errors of loading, and
 * what `write` throws as it is.
 */
export async function renderScript(options: RenderScriptOptions): Promise<RenderScriptResult> {
  const parts = await openParts(options)
  const { sink, family } = parts
  const { dialect } = parts.recorder
  const { knexConfig, settings, plan, signal } = options
  await sink.text(`${headerOf(parts)}\n\n${preamble(family, dialect, knexConfig, settings).join('\n')}\n\n`)
  const done: string[] = []
  try {
    await writeVersionTable(parts)
    let before = options.startRows
    for (const step of plan.steps) {
      if (signal.aborted) throw interruption(signal)
      await writeStep(parts, step, before, done)
      before = step.rows
      done.push(step.revision)
    }
  } catch (error) {
    await sayBroken(sink, error)
    throw error
  }
  return { dialect: dialect.name, revisions: done, rows: plan.rows }
}

async function openParts(options: RenderScriptOptions): Promise<ScriptParts> {
  const { knexConfig, projectDirectory, settings, plan, scripts, signal } = options
  const recorder = await openRecordingClient(knexConfig, projectDirectory)
  const family = familyOf(recorder.dialect)
  const modules = await loadModules(plan.steps, scripts, signal)
  const sink = new ScriptSink(family, options.write)
  const { version: versionTable } = revTables(recorder.dialect, settings.schema, settings.versionTable)
  return { options, family, versionTable, modules, sink, recorder }
}

// A database at base may have no version table yet; one that has rows has one.
async function writeVersionTable({ options, sink, recorder, versionTable }: ScriptParts): Promise<void> {
  const { direction, plan, startRows } = options
  if (direction !== 'ensure-version' && plan.steps.length === 0) {
    return sink.text(`${comments('Nothing to do: this script changes nothing.')}\n`)
  }
  if (direction === 'ensure-version' || startRows.length === 0) {
    for (const sql of ensureVersionStatements(recorder.dialect, versionTable))
      await sink.statement({ sql, hasBody: false })
  }
}

async function sayBroken(sink: ScriptSink, error: unknown): Promise<void> {
  const code = isRevError(error) ? ` (${error.code})` : ''
  try {
    await sink.rollback()
    await sink.text(`${comments(`rev stopped here${code}. This script is not whole: do not run it.`)}\n`)
  } catch {
    // Whoever takes the script is gone; the error that ended it is told by the caller.
  }
}
