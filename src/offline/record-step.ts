import type { Knex } from 'knex'
import { findCallSite } from '../database/handle/call-site.ts'
import { isRevError, RevError } from '../errors/index.ts'
import { rowChanges } from '../graph/version-rows.ts'
import { readRecordedChecksum } from '../script/recorded-checksum.ts'
import type { ScriptContext } from '../script/script-context.ts'
import { batchesInScript } from './batches-in-script.ts'
import { comments } from './comment.ts'
import type { ScriptStep } from './dialects/script-dialect.ts'
import { recordRevision } from './record-revision.ts'
import type { KnexQuery } from './recorded-revision.ts'
import type { Recording } from './recording.ts'
import type { RecordingClient } from './recording-client.ts'
import { messageOf, rowsText } from './revision-words.ts'
import type { ScriptMove } from './script-move.ts'
import type { ScriptModule } from './script-parts.ts'
import type { ScriptRun } from './script-run.ts'

/**
 * One step: its banner, what the revision's function does, and the changes of the version rows, in one transaction
 * where the database has them for everything; a revision without one leaves a short one to the rows. Resolves to the
 * checksum of the revision's file.
 */
export async function recordStep(
  run: ScriptRun,
  step: ScriptMove,
  before: readonly string[],
  isLast: boolean,
): Promise<string | undefined> {
  const { dialect, sink, parts, job } = run
  const revisionModule = step.direction === 'stamp' ? undefined : parts.modules.get(step.revision)
  const { scripts, seeds } = parts.options
  const scriptStep: ScriptStep = {
    direction: step.direction,
    revision: step.revision,
    transaction: revisionModule?.transaction ?? true,
    limits: revisionModule?.limits,
    checksum:
      seeds?.get(step.revision)?.checksum ??
      (scripts.graph.has(step.revision) ? scripts.get(step.revision).recordedChecksum() : undefined),
    before,
    after: step.rows,
    changes: rowChanges(before, step.rows),
  }
  await sink.text(`${comments(bannerOf(run, step, before))}\n${dialect.beforeStep(scriptStep)}`)
  const last = isLast ? { rowsBefore: job.startRows } : undefined
  if (revisionModule === undefined) {
    await sink.begin()
    sink.prepareForRows()
    await sink.text(dialect.afterBegin(scriptStep))
    await sink.text(dialect.record(scriptStep, { statements: 0, last }))
    await sink.commit()
  } else {
    await recordWork(run, scriptStep, revisionModule, last)
  }
  await sink.text(dialect.afterStep(scriptStep))
  return scriptStep.checksum === undefined ? undefined : readRecordedChecksum(scriptStep.checksum)?.text
}

function bannerOf(
  { parts, done, job }: ScriptRun,
  { direction, revision, rows }: ScriptMove,
  before: readonly string[],
): string {
  const { scripts, seeds } = parts.options
  const count = `(${done.length + 1}/${job.steps.length})`
  const seed = seeds?.get(revision)
  if (seed) return `===== ${count} seed ${revision}${seed.message === '' ? '' : `, ${seed.message}`} =====`
  if (direction === 'stamp') return `===== ${count} stamp ${rowsText(before)} -> ${rowsText(rows)} =====`
  const below = rowsText(scripts.get(revision).revision.downRevisions)
  const way = direction === 'upgrade' ? `${below} -> ${revision}` : `${revision} -> ${below}`
  const message = messageOf(revision, scripts)
  const alone = parts.modules.get(revision)?.transaction === false ? ' [no transaction]' : ''
  return `===== ${count} ${direction} ${way}${message === '' ? '' : `, ${message}`}${alone} =====`
}

async function recordWork(
  run: ScriptRun,
  step: ScriptStep,
  revisionModule: ScriptModule,
  last: { readonly rowsBefore: readonly string[] } | undefined,
): Promise<void> {
  const { parts, sink, done } = run
  const { options } = parts
  const { revision } = step
  const direction = step.direction === 'downgrade' ? 'downgrade' : 'upgrade'
  const { file } = options.seeds?.get(revision) ?? options.scripts.get(revision)
  const upgrade = revisionModule.offline ?? revisionModule.upgrade
  const work = direction === 'upgrade' ? upgrade : revisionModule.downgrade
  try {
    await recordRevision(
      run,
      step,
      file,
      (knex, recording) => work?.(knex, contextOf(run, step, knex, recording)),
      last,
    )
  } catch (error) {
    sink.throwIfFailed()
    if (isRevError(error)) throw error
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) }
    const place = findCallSite(stack, file)
    const written = done.map((before) => before.revision)
    const details = {
      revision,
      ...place,
      direction: step.direction === 'seed' ? 'seed' : direction,
      reason: message,
      done: written,
    } as const
    throw new RevError('REV_OFFLINE_FAILED', details, { cause: error })
  }
}

function contextOf({ parts }: ScriptRun, step: ScriptStep, knex: Knex, recording: Recording): ScriptContext {
  const { x, tag, signal, report } = parts.options
  const { revision } = step
  return {
    x,
    tag,
    direction: step.direction === 'downgrade' ? 'downgrade' : 'upgrade',
    dialect: parts.recorder.dialect.name,
    offline: true,
    signal,
    log: (text) => report?.({ type: 'log', revision, text: String(text) }),
    inBatches: batchesInScript(knex),
    prepare: (sql) => recording.prepare(sql),
    refuseRows: (query, message) => recording.refuseRows(compiled(query, parts.recorder), message),
  }
}

function compiled(query: Knex.QueryBuilder, { client }: RecordingClient): KnexQuery {
  const { sql, bindings } = query.toSQL()
  return { sql, bindings: client.prepBindings(bindings) ?? [], method: 'select' }
}
