import type { CommandContext } from './context.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** The branch points of the files, newest first; empty for a single line of history. */
export interface BranchesResult {
  readonly command: 'branches'
  readonly branchPoints: readonly { readonly revision: RevisionInfo; readonly children: readonly RevisionInfo[] }[]
}

/** The branch points of the files, newest first, each with its children; connects to nothing. */
export async function branches(context: CommandContext): Promise<BranchesResult> {
  const scripts = await context.scripts()
  const points = new Set(scripts.graph.branchPoints())
  return {
    command: 'branches',
    branchPoints: scripts.graph
      .history()
      .filter((id) => points.has(id))
      .map((id) => {
        const revision = toRevisionInfo(scripts, id)
        return { revision, children: revision.children.map((child) => toRevisionInfo(scripts, child)) }
      }),
  }
}
