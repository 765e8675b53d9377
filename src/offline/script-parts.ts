import type { Knex } from 'knex'
import type { TableName } from '../database/tables.ts'
import type { Reporter } from '../events.ts'
import type { Direction, Plan } from '../graph/plan-types.ts'
import type { RevisionModule } from '../script/revision-module.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { RevSettings } from '../settings.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import type { RecordingClient } from './recording-client.ts'
import type { ScriptSink, WriteText } from './script-sink.ts'

export interface RenderScriptOptions {
  /** `ensure-version` writes the version table alone; its plan is empty. */
  readonly direction: Direction | 'ensure-version'
  /** Steps with the version rows after each, as `RevisionGraph` plans them. */
  readonly plan: Plan
  /** The version rows that the database has when the script is run; none means base. */
  readonly startRows: readonly string[]
  readonly scripts: RevisionScripts
  /** Knex's own part of the configuration. Nothing is connected to, and no driver is loaded. */
  readonly knexConfig: Knex.Config
  /** Folder of the project: its copy of Knex is used. */
  readonly projectDirectory: string
  readonly settings: Pick<RevSettings, 'versionTable' | 'schema' | 'role'>
  /** The `-x key=value` arguments for the revisions. */
  readonly x: Readonly<Record<string, string>>
  readonly tag: string | undefined
  readonly signal: AbortSignal
  /** Hears what revisions log. Default: nobody. */
  readonly report?: Reporter
  /** Takes the script piece by piece; a promise is waited for before the next piece. */
  readonly write: WriteText
}

/** What the parts of one script share. */
export interface ScriptParts {
  readonly options: RenderScriptOptions
  readonly family: SqlFamily
  readonly versionTable: TableName
  /** The modules of the plan, by revision. */
  readonly modules: ReadonlyMap<string, RevisionModule>
  readonly sink: ScriptSink
  readonly recorder: RecordingClient
}
