import { entryAt, idsOf, type SoundLinks } from './links.ts'

/** Everything that can be known of one revision from the graph alone. Lists are in load order unless said otherwise. */
export interface RevisionDescription {
  readonly revision: string
  readonly message: string
  readonly file: string | undefined
  /** As written in the file. */
  readonly downRevisions: readonly string[]
  /** The ids behind `depends_on`, labels looked up, in file order. */
  readonly dependsOn: readonly string[]
  /** Down revisions, then the dependencies that no line ancestor declares already. */
  readonly effectiveDownRevisions: readonly string[]
  /** Revisions that name this one as a down revision. */
  readonly children: readonly string[]
  /** Revisions that depend on this one. */
  readonly dependents: readonly string[]
  /** The labels that this revision declares itself. */
  readonly branchLabels: readonly string[]
  /** Declared and inherited labels, sorted. */
  readonly labels: readonly string[]
  /** No down revision. */
  readonly isBase: boolean
  /** No down revision and no dependency. */
  readonly isEffectiveBase: boolean
  /** No child. */
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

/** Derives the facts of one revision. */
export function describeRevision(links: SoundLinks, number: number, labels: readonly string[]): RevisionDescription {
  const { revision, message, file, branchLabels } = entryAt(links.revisions, number)
  const down = entryAt(links.down, number)
  const dependsOn = entryAt(links.dependsOn, number)
  const children = entryAt(links.children, number)
  const above = entryAt(links.above, number)
  return {
    revision,
    message,
    file,
    downRevisions: idsOf(links, down),
    dependsOn: idsOf(links, dependsOn),
    effectiveDownRevisions: idsOf(links, entryAt(links.effectiveDown, number)),
    children: idsOf(links, children),
    dependents: idsOf(links, entryAt(links.dependents, number)),
    branchLabels,
    labels,
    isBase: down.length === 0,
    isEffectiveBase: down.length === 0 && dependsOn.length === 0,
    isHead: children.length === 0,
    isEffectiveHead: above.length === 0,
    isBranchPoint: children.length > 1,
    isEffectiveBranchPoint: above.length > 1,
    isMergePoint: down.length > 1,
  }
}
