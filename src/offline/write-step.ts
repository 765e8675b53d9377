import type { Knex } from 'knex'
import { findCallSite } from '../database/handle/call-site.ts'
import { isRevError, RevError } from '../errors/index.ts'
import type { Step } from '../graph/plan-types.ts'
import { rowChanges } from '../graph/version-rows.ts'
import type { RevisionContext, RevisionModule } from '../script/revision-module.ts'
import { comments } from './comment.ts'
import { messageOf, rowsText } from './header.ts'
import { recordRevision } from './record-revision.ts'
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
  const inside = async (): Promise<void> => {
    for (const change of rowChanges(before, step.rows)) {
      await sink.statement({ sql: rowChangeStatement(family, versionTable, change), hasBody: false })
    }
  }
  await sink.text(`${comments(titleOf(parts, step, before))}\n\n`)
  const revisionModule = modules.get(step.revision)
  if (revisionModule !== undefined) return record(parts, step, revisionModule, inside, done)
  await sink.begin()
  await inside()
  await sink.commit()
}

function titleOf({ options }: ScriptParts, { direction, revision, rows }: Step, before: readonly string[]): string {
  if (direction === 'stamp') return `Running stamp ${rowsText(before)} -> ${rowsText(rows)}`
  const below = rowsText(options.scripts.get(revision).revision.downRevisions)
  const way = direction === 'upgrade' ? `${below} -> ${revision}` : `${revision} -> ${below}`
  const message = messageOf(revision, options.scripts)
  return `Running ${direction} ${way}${message === '' ? '' : `, ${message}`}`
}

async function record(
  parts: ScriptParts,
  step: Step,
  { transaction, upgrade, downgrade }: RevisionModule,
  inside: () => Promise<void>,
  done: readonly string[],
): Promise<void> {
  const { options, recorder, family, sink } = parts
  const { revision } = step
  const direction = step.direction === 'downgrade' ? 'downgrade' : 'upgrade'
  const { file } = options.scripts.get(revision)
  const run = direction === 'upgrade' ? upgrade : downgrade
  const work = (knex: Knex): unknown => run?.(knex, contextOf(parts, revision, direction))
  // Online they are off only inside of rev's own transactions; the driver better-sqlite3 turns them on, the shell does not.
  const withForeignKeys = !transaction && recorder.dialect.driver === 'better-sqlite3'
  if (withForeignKeys) await sink.text('PRAGMA foreign_keys = ON;\n\n')
  try {
    const { signal } = options
    await recordRevision({ revision, file, transaction, signal, work, inside }, recorder, family, sink)
  } catch (error) {
    sink.throwIfFailed()
    if (isRevError(error)) throw error
    const { stack, message } = error instanceof Error ? error : { stack: undefined, message: String(error) }
    const place = findCallSite(stack, file)
    throw new RevError('REV_OFFLINE_FAILED', { revision, ...place, direction, reason: message, done }, { cause: error })
  }
  if (withForeignKeys) await sink.text('PRAGMA foreign_keys = OFF;\n\n')
}

function contextOf(
  { options, recorder }: ScriptParts,
  revision: string,
  direction: 'upgrade' | 'downgrade',
): RevisionContext {
  const { x, tag, signal, report } = options
  return {
    x,
    tag,
    direction,
    dialect: recorder.dialect.name,
    offline: true,
    signal,
    log: (text) => report?.({ type: 'log', revision, text: String(text) }),
  }
}
