import { RevError } from '../errors/index.ts'
import type { CommandContext } from './context.ts'
import { resolveNamed } from './show.ts'

/** What to edit. */
export interface EditOptions {
  /** Any target that names revisions; `current` and `head` included. */
  readonly revision: string
}

/** The files that a target names; never empty. */
export interface EditResult {
  readonly command: 'edit'
  /** Absolute paths, for the caller to open. */
  readonly files: readonly string[]
}

/** Finds the files that a target names. Throws REV_USAGE_NOTHING_TO_EDIT when there is none. */
export async function edit(context: CommandContext, options: EditOptions): Promise<EditResult> {
  const scripts = await context.scripts()
  const { ids } = await resolveNamed(context, options.revision)
  const files = ids.map((id) => scripts.get(id).file).filter((file) => file !== undefined)
  if (files.length === 0) throw new RevError('REV_USAGE_NOTHING_TO_EDIT', { target: options.revision })
  return { command: 'edit', files }
}
