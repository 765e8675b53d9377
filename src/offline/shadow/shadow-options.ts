import type { Knex } from 'knex'
import type { DialectFacts } from '../../database/dialect.ts'
import type { DatabaseSettings } from '../../database/open-database.ts'
import type { Reporter } from '../../events.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'

/** The read that wants a shadow, for the message when there can be none. */
export interface ShadowNeed {
  readonly revision: string
  readonly file: string | undefined
  readonly line: number | undefined
  /** With placeholders, never with values. */
  readonly query: string
}

export interface OpenShadowOptions {
  readonly dialect: DialectFacts
  /** Knex's own part of the configuration; its connection is never used. */
  readonly knexConfig: Knex.Config
  /** Folder of the project: its Knex, its driver and its packages are used. */
  readonly directory: string
  readonly settings: Pick<DatabaseSettings, 'versionTable' | 'schema'>
  readonly scripts: RevisionScripts
  /** The version rows that the shadow is brought to; none means an empty database. */
  readonly rows: readonly string[]
  /** The `-x key=value` arguments for the revisions. */
  readonly x: Readonly<Record<string, string>>
  readonly tag: string | undefined
  /**
   * A server on which a scratch database is made, and dropped in the end. Its own database is connected to for that
   * and nothing else. A statement that names another database of the server, or changes a role that was there before,
   * is refused; what a revision adds to the server as a whole, such as a new role, stays there.
   */
  readonly url: string | undefined
  readonly neededBy: ShadowNeed
  /** Hears one notice when the shadow is ready; nothing of the replay. */
  readonly report: Reporter
  readonly signal: AbortSignal
}
