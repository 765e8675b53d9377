import type { Knex } from 'knex'
import { isRevError, RevError } from '../errors/index.ts'
import type { Step } from '../graph/plan-types.ts'
import { rowChanges } from '../graph/version-rows.ts'
import type { RevisionModule } from '../script/revision-module.ts'
import { comments } from './comment.ts'
import { messageOf, rowsText } from './header.ts'
import { placeIn } from './place.ts'
import type { ScriptParts } from './script-parts.ts'
import { rowChangeStatement } from './version-statements.ts'

/**
 * One step: its comment, what the revision's function does, and the changes of the version rows, in one transaction
 * where the database has them for everything; a revision without one leaves a short one to the rows.
 */
export async function writeStep(
  parts: ScriptParts,
  step: Step,
  before: readonly string[],
  done: readonly string[],
): Promise<void> {
  const { sink, family, versionTable, modules } = parts
  const revisionModule = modules.get(step.revision)
  await sink.text(`${comments(titleOf(parts, step, before))}\n\n`)
  if (revisionModule?.transaction === false) {
    await record(parts, step, revisionModule, done)
    await sink.begin()
  } else {
    await sink.begin()
    if (revisionModule !== undefined) await record(parts, step, revisionModule, done)
  }
  for (const change of rowChanges(before, step.rows)) {
    await sink.statement({ sql: rowChangeStatement(family, versionTable, change), hasBody: false })
  }
  await sink.commit()
}

function titleOf({ options }: ScriptParts, { direction, revision, rows }: Step, before: readonly string[]): string {
  if (direction === 'stamp') return `Running stamp ${rowsText(before)} -> ${rowsText(rows)}`
  const parents = options.scripts.get(revision).revision.downRevisions.join(', ')
  const way = direction === 'upgrade' ? `${parents} -> ${revision}` : `${revision} -> ${parents}`
  const message = messageOf(revision, options.scripts)
  return `Running ${direction} ${way}${message === '' ? '' : `, ${message}`}`
}

async function record(
  parts: ScriptParts,
  step: Step,
  revisionModule: RevisionModule,
  done: readonly string[],
): Promise<void> {
  const { options, recording, knex, sink } = parts
  const { revision } = step
  const direction = step.direction === 'downgrade' ? 'downgrade' : 'upgrade'
  const { file } = options.scripts.get(revision)
  const { transaction } = revisionModule
  recording.start({ revision, file, transaction, signal: options.signal })
  const work = (handle: Knex) => recording.run(() => revisionModule[direction]?.(handle, contextOf(parts, step)))
  try {
    await (transaction ? knex.transaction(work) : work(knex))
  } catch (error) {
    options.signal.throwIfAborted()
    sink.throwIfFailed()
    if (isRevError(error)) throw error
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) }
    const place = placeIn(stack, file)
    throw new RevError('REV_OFFLINE_FAILED', { revision, ...place, direction, reason: message, done }, { cause: error })
  }
}

function contextOf({ options, dialect }: ScriptParts, { direction, revision }: Step) {
  const { x, tag, signal, report } = options
  return Object.freeze({
    x,
    tag,
    direction: direction === 'downgrade' ? ('downgrade' as const) : ('upgrade' as const),
    dialect: dialect.name,
    offline: true,
    signal,
    log: (text: string) => report?.({ type: 'log', revision, text }),
  })
}
