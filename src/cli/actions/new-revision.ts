import type { MergeResult } from '../../commands/merge.ts'
import type { NewRevisionOptions } from '../../commands/new-revision.ts'
import type { RevisionResult } from '../../commands/revision.ts'
import { RevError } from '../../errors/index.ts'
import { findEditor, openEditor } from '../../script/editor.ts'
import { textsGiven } from '../given.ts'
import { printableLine } from '../printable.ts'
import type { Invocation, Outcome } from './action.ts'

/** What `revision` and `merge` have in common on the command line. Throws REV_CONFIG_NO_EDITOR before a file is written. */
export function newRevisionOptions({ given, terminal }: Invocation): NewRevisionOptions {
  if (given.flag('edit') && findEditor(terminal.environment) === undefined)
    throw new RevError('REV_CONFIG_NO_EDITOR', { file: 'the new revision' })
  const lists = { branchLabels: given.list('branch-label'), dependsOn: given.list('depends-on') }
  return {
    ...textsGiven(given, 'message', 'template', 'version-path', 'rev-id'),
    ...lists,
    splice: given.flag('splice'),
  }
}

/** The path of the new file is the result, alone on its line, so that other programs can take it from there. */
export async function writtenOutcome(invocation: Invocation, result: RevisionResult | MergeResult): Promise<Outcome> {
  const { given, terminal } = invocation
  if (given.flag('edit')) await openEditor([result.file], { environment: terminal.environment, cwd: terminal.cwd })
  const below = result.downRevisions.length === 0 ? 'base' : result.downRevisions.join(', ')
  const message = result.message === '' ? '' : `: ${result.message}`
  const note = printableLine(`new revision ${result.revision} on top of ${below}${message}`)
  return { result, text: `${printableLine(result.file)}\n`, note }
}
