import type { Revision, RevisionHeader } from './revision.ts'

/** A node of the graph as the header that it came from. */
export function toRevisionHeader(revision: Revision): RevisionHeader {
  return {
    revision: revision.revision,
    down_revision: revision.downRevisions,
    branch_labels: revision.branchLabels,
    depends_on: revision.dependsOn,
    ...(revision.file === undefined ? {} : { file: revision.file }),
  }
}
