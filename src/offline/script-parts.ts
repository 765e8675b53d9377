import type { Knex } from 'knex'
import type { DialectFacts } from '../database/dialect.ts'
import type { RevTables } from '../database/tables.ts'
import type { Reporter } from '../events.ts'
import type { Direction } from '../graph/plan-types.ts'
import type { RevisionModule } from '../script/revision-module.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { ScriptFunction } from '../script/script-context.ts'
import type { RevSettings } from '../settings.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import type { SqlClient } from './dialects/script-dialect.ts'
import type { RecordingClient } from './recording-client.ts'
import type { ScriptFolder } from './script-folder.ts'
import type { ScriptMove } from './script-move.ts'

/** One of the scripts that are written: there are several with `split` and `withRollback`. */
export interface ScriptFile {
  /** A name that fits its contents, such as `003_ae1027a6acf0_add_jobs.sql`. */
  readonly name: string
  /** Whether it goes the way that was asked for, or back. */
  readonly kind: 'script' | 'rollback'
}

/** A seed as a script sees it. */
export interface SeedInScript {
  /** Absolute; undefined for one that a program handed in. */
  readonly file: string | undefined
  /** One line; may be empty. */
  readonly message: string
  readonly checksum: string
  /** Loads the seed; gives what writes its statements. */
  load(tables: RevTables, dialect: DialectFacts): Promise<ScriptFunction>
}

export interface RenderScriptOptions {
  /** `ensure-version` writes the version table alone; its plan is empty. */
  readonly direction: Direction | 'ensure-version' | 'seed'
  /** Steps with the version rows after each, as `RevisionGraph` plans them; or seeds, which leave the rows as they are. */
  readonly plan: { readonly steps: readonly ScriptMove[]; readonly rows: readonly string[] }
  /** The seeds of the plan, by name. Default none. */
  readonly seeds?: ReadonlyMap<string, SeedInScript>
  /** The version rows that the database has when the script is run; none means base. */
  readonly startRows: readonly string[]
  readonly scripts: RevisionScripts
  /** Knex's own part of the configuration. Nothing is connected to, and no driver is loaded. */
  readonly knexConfig: Knex.Config
  /** Folder of the project: its copy of Knex is used, and files are named from there. */
  readonly projectDirectory: string
  readonly settings: Pick<RevSettings, 'versionTable' | 'schema' | 'role'> &
    // Without them: the default limits.
    Partial<Pick<RevSettings, 'tableLockTimeoutMs' | 'statementTimeoutMs'>>
  /** The `-x key=value` arguments for the revisions. */
  readonly x: Readonly<Record<string, string>>
  readonly tag: string | undefined
  /** Why, in the user's words, for the events of the way that was asked for. Default none. */
  readonly reason?: string | undefined
  readonly signal: AbortSignal
  /** Hears what revisions log. Default: nobody. */
  readonly report?: Reporter
  /** Which program runs the script. Default: the client of its database. */
  readonly sqlClient?: SqlClient
  /** False leaves guard, lock and checks away. Default true. */
  readonly guard?: boolean
  /** Lets a first upgrade go on in a database that has tables and no version table. Default false. */
  readonly allowNonEmpty?: boolean
  /** What a read of rows does: refuse the script, or end it there with a comment and an error. Default `stop`. */
  readonly onDataRead?: 'stop' | 'comment'
  /** What a single script is called. Default by its direction, such as `upgrade.sql`. */
  readonly name?: string
  /** A script of its own for each step. Default false. */
  readonly split?: boolean
  /** The way back, too. Only for an upgrade. Default false. */
  readonly withRollback?: boolean
  /** The server on which scratch databases may be made; default none. */
  readonly shadowUrl?: string | undefined
  /** Takes the scripts piece by piece when all are whole; a promise is waited for before the next piece. */
  readonly write: (text: string, file: ScriptFile) => void | Promise<void>
}

/** A revision, or what writes a seed. */
export type ScriptModule = Omit<RevisionModule, 'upgrade'> & { readonly upgrade: ScriptFunction }

/** What the scripts of one command share. */
export interface ScriptParts {
  readonly options: RenderScriptOptions
  readonly family: SqlFamily
  readonly tables: RevTables
  readonly sqlClient: SqlClient
  /** The modules of the plan, by revision or seed. */
  readonly modules: ReadonlyMap<string, ScriptModule>
  readonly recorder: RecordingClient
  /** Where spools go that do not fit into memory; removed at the end. */
  readonly folder: ScriptFolder
}
