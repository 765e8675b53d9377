/** Everything that can be known of one revision from the graph alone. Lists are in load order unless said otherwise. */
export interface RevisionDescription {
  readonly revision: string
  readonly message: string
  readonly file: string | undefined
  /** As written in the file. */
  readonly downRevisions: readonly string[]
  /** The ids behind `depends_on`, labels looked up, in file order. */
  readonly dependsOn: readonly string[]
  /** Revisions that name this one as a down revision. */
  readonly children: readonly string[]
  /** Revisions that depend on this one. */
  readonly dependents: readonly string[]
  /** The labels that this revision declares itself. */
  readonly branchLabels: readonly string[]
  /** Declared and inherited labels, sorted. */
  readonly labels: readonly string[]
  readonly isBase: boolean
  readonly isHead: boolean
  /** A head that nothing depends on. */
  readonly isEffectiveHead: boolean
  /** More than one child. */
  readonly isBranchPoint: boolean
  /** More than one child or dependent, counted together. */
  readonly isEffectiveBranchPoint: boolean
  /** More than one down revision. */
  readonly isMergePoint: boolean
}
