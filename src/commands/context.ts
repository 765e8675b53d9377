import type { Knex } from 'knex'
import type { Reporter } from '../events.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { SeedSource } from '../seed/files/seed-objects.ts'
import type { RevSettings } from '../settings.ts'

/**
 * What every command is given. Commands take data and give data: they never print, never read argv or the environment,
 * and they throw RevError only.
 */
export interface CommandContext {
  readonly settings: RevSettings
  /** Knex's own part of the knexfile environment; undefined when only the graph is wanted and there is none. */
  readonly knexConfig: Knex.Config | undefined
  /** An instance or transaction that the caller handed in; never closed by rev. */
  readonly knex: Knex | undefined
  /** The knexfile, absolute; undefined for a caller that uses none. */
  readonly knexfile: string | undefined
  /** Name of the environment: the one chosen in the knexfile, else what REV_ENV or NODE_ENV say; undefined for none. */
  readonly environment: string | undefined
  /** What the knexfile calls this database; undefined when it has no name for it. */
  readonly databaseName: string | undefined
  /** All databases of the knexfile, this one too; empty when there are no names. */
  readonly databaseNames: readonly string[]
  /** The same project with another of its databases, silent. Throws REV_CONFIG_UNKNOWN_DATABASE. */
  openDatabase(name: string): Promise<CommandContext>
  /** Folder that relative paths of this project start from: the knexfile's, else the working directory. */
  readonly directory: string
  /** Reads the files once per command. */
  scripts(): Promise<RevisionScripts>
  /** Seeds that a program hands in; undefined for those of the folders in the settings. */
  readonly seeds: SeedSource | undefined
  readonly report: Reporter
  readonly signal: AbortSignal
  /** Clock and randomness come from outside, so that tests can decide them. */
  now(): Date
  newId(): string
}
