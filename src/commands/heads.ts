import type { CommandContext } from './context.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** Which heads `heads` lists. */
export interface HeadsOptions {
  /** List the effective heads: those that no other revision depends on, either. */
  readonly resolveDependencies?: boolean
}

/** The heads of the files, in load order; empty without files. */
export interface HeadsResult {
  readonly command: 'heads'
  readonly revisions: readonly RevisionInfo[]
}

/** The heads of the files, in load order; connects to nothing. */
export async function heads(context: CommandContext, options: HeadsOptions = {}): Promise<HeadsResult> {
  const scripts = await context.scripts()
  const ids = options.resolveDependencies ? scripts.graph.effectiveHeads() : scripts.graph.heads()
  return { command: 'heads', revisions: ids.map((id) => toRevisionInfo(scripts, id)) }
}
