import type { ScriptDialect } from './dialects/script-dialect.ts'
import type { LazyShadow } from './lazy-shadow.ts'
import type { SchemaCheck } from './reads/schema-read.ts'
import type { ScriptJob } from './script-jobs.ts'
import type { ScriptParts } from './script-parts.ts'
import type { ScriptSink } from './script-sink.ts'
import type { ScriptSpool } from './script-spool.ts'
import type { ShadowNeed } from './shadow/shadow-options.ts'

/** An answer that a script relies on. */
export interface RecordedCheck {
  readonly check: SchemaCheck
  /** True when nothing had been written before it: then it is the answer at the start of the script. */
  readonly atStart: boolean
  /** Where it was asked for, as errors tell it. */
  readonly neededBy: ShadowNeed
}

/** One whose part of the script is written. */
export interface DoneRevision {
  readonly revision: string
  /** Of its file, as it was then. */
  readonly checksum: string | undefined
}

/** A script with everything known of it but its first lines. */
export interface RecordedScript {
  readonly job: ScriptJob
  readonly dialect: ScriptDialect
  /** The steps, from the first banner to the last COMMIT. */
  readonly body: ScriptSpool
  /** How far the shadow had been told of the scripts before this one. */
  readonly forwardedBefore: number
  /** By expression, the first of each. */
  readonly checks: ReadonlyMap<string, RecordedCheck>
  readonly changesSession: boolean
  /** The first revision in it whose SQL means something else where a backslash is a plain character. */
  readonly backslashesIn: string | undefined
  /** The revisions in it, in order. */
  readonly done: readonly DoneRevision[]
  /** The version rows after it. */
  readonly rows: readonly string[]
  /** The revision that a read of rows ended it before; undefined when it is whole. */
  readonly stopsBefore: string | undefined
}

/** The script that is being recorded. */
export interface ScriptRun {
  readonly parts: ScriptParts
  readonly job: ScriptJob
  readonly dialect: ScriptDialect
  readonly sink: ScriptSink
  readonly shadow: LazyShadow
  readonly checks: Map<string, RecordedCheck>
  readonly done: DoneRevision[]
  /** Whose statements are written now. */
  revision: string
  /** The name of the shadow's database, when this revision has seen it. */
  borrowedName: string | undefined
  /** The ids of objects in the shadow that this revision has seen. */
  readonly borrowedIds: Set<string>
  changesSession: boolean
  backslashesIn: string | undefined
  /** How the read of rows is told that has ended the script, as `--on-data-read=comment` asks. */
  endedBy: string | undefined
}
