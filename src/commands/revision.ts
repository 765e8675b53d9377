import type { CommandContext } from './context.ts'
import { type NewRevisionOptions, type NewRevisionResult, newRevision } from './new-revision.ts'

/** How the new revision file is to be. */
export interface RevisionOptions extends NewRevisionOptions {
  /** What the new revision goes on top of. Default `head`; `base` begins a new line of history. */
  readonly head?: string | readonly string[]
}

/** The new file. */
export type RevisionResult = NewRevisionResult<'revision'>

/** Writes a new revision file. Throws REV_GRAPH_MULTIPLE_HEADS when `head` is not one. */
export async function revision(context: CommandContext, options: RevisionOptions = {}): Promise<RevisionResult> {
  const { head = 'head' } = options
  return newRevision(context, 'revision', typeof head === 'string' ? [head] : head, options)
}
