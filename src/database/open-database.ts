import type { Knex } from 'knex'
import type { Reporter } from '../events.ts'
import type { RevSettings } from '../settings.ts'
import type { DatabaseDescription } from './describe-connection.ts'
import type { DialectFacts } from './dialect.ts'
import type { PinnedConnection } from './pinned-connection.ts'
import type { Redactor } from './redactor.ts'
import type { RevTables } from './tables.ts'

/** What the version table says. */
export interface VersionRows {
  /** False when there is no version table yet: the database was never touched by rev. */
  readonly exists: boolean
  readonly rows: readonly string[]
}

/** What of the settings concerns the database. */
export type DatabaseSettings = Pick<RevSettings, 'versionTable' | 'schema' | 'role'> &
  // Without them: a lock of the session, a database of any project, and the default limits.
  Partial<Pick<RevSettings, 'lock' | 'leaseTimeMs' | 'project' | 'tableLockTimeoutMs' | 'statementTimeoutMs'>>

/** What is needed of a command's context to reach its database. */
export interface DatabaseContext {
  /** The caller's instance or transaction; never closed. */
  readonly knex: Knex | undefined
  readonly knexConfig: Knex.Config | undefined
  readonly settings: DatabaseSettings
  /** Where relative SQLite files and the project's packages are. */
  readonly directory: string
  readonly report: Reporter
  readonly signal: AbortSignal
}

/** An open database, for the time of one command. */
export interface Database {
  readonly dialect: DialectFacts
  readonly description: DatabaseDescription
  readonly knex: Knex
  /** The one connection of this command. On a SQLite file that is not there yet (reading only) every use of it is a defect. */
  readonly connection: PinnedConnection
  /** False when the instance or transaction is the caller's. */
  readonly owned: boolean
  readonly tables: RevTables
  /** Who is connected, as far as known; for the event log. */
  readonly databaseUser: string | undefined
  readonly settings: DatabaseSettings
  readonly redactor: Redactor
  readonly report: Reporter
  readonly signal: AbortSignal
  /** The rows of the version table, in its order. Creates nothing. Throws REV_DATABASE_VERSION_TABLE for a broken one. */
  readRows(): Promise<VersionRows>
  /** Creates the version table, and its schema, when they are missing. */
  ensureVersionTable(): Promise<{ readonly created: boolean; readonly table: string }>
}
