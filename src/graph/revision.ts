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

/** What an id or a label is made of. Other characters have a meaning in targets, or none in a file name. */
export const ID_PATTERN = /^[A-Za-z0-9_.]{1,255}$/

/** Words that targets keep for themselves. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(['head', 'heads', 'base', 'current'])

const NONE: readonly string[] = Object.freeze([])

/** The header as a node of the graph: none, one and several become an array without repeats. Checks nothing. */
export function toRevision(header: RevisionHeader): Revision {
  return Object.freeze({
    revision: header.revision,
    downRevisions: toList(header.down_revision),
    dependsOn: toList(header.depends_on),
    branchLabels: toList(header.branch_labels),
    message: header.message ?? '',
    file: header.file,
  })
}

function toList(written: string | readonly string[] | null | undefined): readonly string[] {
  if (written === null || written === undefined) return NONE
  if (typeof written === 'string') return Object.freeze([written])
  return written.length === 0 ? NONE : Object.freeze([...new Set(written)])
}
