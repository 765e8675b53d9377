import type { RevisionDescription } from '../graph/describe.ts'
import type { Requirement } from '../script/requirements.ts'
import type { RevisionScripts } from '../script/revision-script.ts'

/** Everything that listings tell of one revision. */
export interface RevisionInfo extends RevisionDescription {
  /** One line. */
  readonly message: string
  /** Absolute; undefined when the revisions were handed in as objects. */
  readonly file: string | undefined
  /** The free text below the message; empty when there is none. */
  readonly description: string
  /** The revisions of other databases that have to be applied before; empty when there are none. */
  readonly requires: readonly Requirement[]
  /** Whether the revision is a row of the version table; absent where no database was asked. */
  readonly current?: boolean
}

/** Joins what the graph and the file know of a revision; with `rows`, says whether it is one of them. */
export function toRevisionInfo(scripts: RevisionScripts, revision: string, rows?: readonly string[]): RevisionInfo {
  const script = scripts.get(revision)
  return {
    ...scripts.graph.describe(revision),
    message: script.revision.message,
    file: script.file,
    description: script.description,
    requires: script.requires,
    ...(rows === undefined ? {} : { current: rows.includes(revision) }),
  }
}
