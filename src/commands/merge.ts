import { RevError } from '../errors/index.ts'
import type { CommandContext } from './context.ts'
import { type NewRevisionOptions, type NewRevisionResult, newRevision } from './new-revision.ts'

/** What to join, and how the new file is to be. */
export interface MergeOptions extends Omit<NewRevisionOptions, 'dependsOn'> {
  /** What to join: ids, parts of ids, labels, `heads`. */
  readonly revisions: readonly string[]
}

/** The new file that joins them. */
export type MergeResult = NewRevisionResult<'merge'>

/**
 * Writes a revision file that joins several heads into one; without a message it names them. Throws
 * REV_USAGE_NOTHING_TO_MERGE for fewer than two, and what `revision` throws.
 */
export async function merge(context: CommandContext, options: MergeOptions): Promise<MergeResult> {
  const { revisions, ...rest } = options
  const { graph } = await context.scripts()
  const heads = graph.parentsFor(revisions, { splice: options.splice ?? false })
  if (heads.length < 2) throw new RevError('REV_USAGE_NOTHING_TO_MERGE', { targets: revisions, heads })
  return newRevision(context, 'merge', revisions, { ...rest, message: rest.message ?? `merge ${heads.join(' and ')}` })
}
