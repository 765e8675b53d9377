import { interruption } from '../database/interruption.ts'
import { RevError } from '../errors/index.ts'
import type { RevisionModule } from '../script/revision-module.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { ScriptMove } from './script-move.ts'

const AHEAD = 8

const ignore = (): void => {}

/**
 * Loads the revisions of a plan, so that a faulty file is known before anything is written. Stamps need none. Throws
 * REV_IRREVERSIBLE with every revision that a downgrade, or the rollback of an upgrade, cannot pass, and the errors of
 * loading.
 */
export async function loadModules(
  steps: readonly ScriptMove[],
  scripts: RevisionScripts,
  signal: AbortSignal,
  withRollback: boolean,
): Promise<Map<string, RevisionModule>> {
  const modules = new Map<string, RevisionModule>()
  const blocked: { revision: string; file: string | undefined; reason: string }[] = []
  const wanted = steps.filter(({ direction }) => direction !== 'stamp' && direction !== 'seed')
  let begun = 0
  for (const [index, { direction, revision }] of wanted.entries()) {
    // Reading the next files goes on while this one is evaluated; their failures are heard in their turn.
    for (const next of wanted.slice(begun, index + 1 + AHEAD)) {
      begun += 1
      scripts.get(next.revision).load().catch(ignore)
    }
    if (signal.aborted) throw interruption(signal)
    const script = scripts.get(revision)
    const revisionModule = await script.load()
    modules.set(revision, revisionModule)
    if ((direction === 'downgrade' || withRollback) && revisionModule.downgrade === undefined) {
      const reason = revisionModule.irreversible ?? 'it has no downgrade function'
      blocked.push({ revision, file: script.file, reason })
    }
  }
  if (blocked.length > 0) throw new RevError('REV_IRREVERSIBLE', { revisions: blocked })
  return modules
}
