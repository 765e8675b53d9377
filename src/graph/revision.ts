/**
 * What a revision file says about its place in the graph: its exports, as written. Ids and labels are strings; a single
 * one may stand alone, several form an array, none is null, undefined or an empty array.
 */
export interface RevisionHeader {
  readonly revision: string
  readonly down_revision: string | readonly string[] | null
  readonly branch_labels?: string | readonly string[] | null
  readonly depends_on?: string | readonly string[] | null
  /** One line; the first line of the leading comment when the file does not export one. */
  readonly message?: string
  /** Only for messages of errors. */
  readonly file?: string
}

/** One node of the graph: a header in which one, several and none are always arrays. Frozen. */
export interface Revision {
  readonly revision: string
  readonly downRevisions: readonly string[]
  /** As written: ids or labels. `RevisionGraph.describe` gives them resolved to ids. */
  readonly dependsOn: readonly string[]
  /** The labels that this revision declares itself; those it inherits are in `RevisionGraph.describe`. */
  readonly branchLabels: readonly string[]
  readonly message: string
  readonly file: string | undefined
}
