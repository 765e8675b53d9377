import type { Revision } from '../graph/revision.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { Requirement } from './requirements.ts'
import type { RevisionModule } from './revision-module.ts'

/** One revision and the way to its functions. The graph is read without loading; only what runs is loaded. */
export interface RevisionScript {
  readonly revision: Revision
  /** Absolute path; undefined when the revisions were handed in as objects. */
  readonly file: string | undefined
  /** The text below the first line of the leading comment; empty when there is none. */
  readonly description: string
  /** The revisions of other databases that have to be applied before; empty when there are none. */
  readonly requires: readonly Requirement[]
  /** Loads and checks the module; the same promise every time. Throws REV_FILE_* errors. */
  load(): Promise<RevisionModule>
  /** Checksum of the file as it is now (`sha256:` and hex, line ends and byte order mark normalised); undefined without a file. */
  checksum(): string | undefined
  /** What is kept of the file, as it was read, when it is run, as `readRecordedChecksum` reads it; undefined without a file. */
  recordedChecksum(): string | undefined
}

/** Everything known from the files: the graph, and each revision's script. */
export interface RevisionScripts {
  readonly graph: RevisionGraph
  get(revision: string): RevisionScript
  /** Things to be said aloud: ignored twins, files that look like revisions, ... */
  readonly notices: readonly { readonly code: string; readonly message: string }[]
  /** The directories that were read, absolute, for messages. */
  readonly directories: readonly string[]
}
