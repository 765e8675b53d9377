import { resolve } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import { type Reporter, silentReporter } from '../events.ts'
import { chooseDatabase, listDatabases } from '../script/knexfile-databases.ts'
import { type RevisionSource, scriptsFromModules } from '../script/revision-objects.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { readRevisionScripts } from '../script/script-directory.ts'
import { resolveSettings } from '../script/settings-from-options.ts'
import type { SeedSource } from '../seed/files/seed-objects.ts'
import type { RevOptions } from '../settings.ts'
import type { CommandContext } from './context.ts'
import {
  listDatabases as listProjectDatabases,
  newRevisionId,
  type OpenContextOptions,
  openContext,
  readOnce,
} from './open-context.ts'

/** Where the database is: exactly one of `knexfile`, `config` and `knex`, or none to search for a knexfile. */
export interface CreateRevOptions {
  /** Folder that relative paths start from. Default: the knexfile's, else the working directory. */
  readonly directory?: string
  /** Path of a knexfile. Default: searched from `directory` upwards, unless `config` or `knex` is given. */
  readonly knexfile?: string
  /**
   * Name of its environment. Default `REV_ENV`, `NODE_ENV`, `development`. With `config` or `knex` only what seeds go by;
   * there the default is none.
   */
  readonly env?: string
  /** Which of several databases, in a knexfile or `config`. Default: the only one. */
  readonly database?: string
  /** A file of variables to read into `process.env` first, never overriding what is set. Default: none. */
  readonly envFile?: string
  /** Knex's configuration, with rev's settings under `rev`. rev opens it and closes it. */
  readonly config?: Knex.Config & { rev?: RevOptions }
  /** An instance or a transaction of yours. Never closed; a transaction is joined, not ended (not on MySQL/MariaDB). */
  readonly knex?: Knex
  /** rev's settings, when `knex` is given; a knexfile and `config` carry theirs. */
  readonly settings?: RevOptions
  /** Folders of revision files; or the modules themselves, as an array, a record or a function that gives either. */
  readonly revisions?: string | readonly string[] | RevisionSource
  /**
   * Folders of seed files; or the modules themselves, as an array, a record or a function that gives either. Default: the
   * setting `seedLocations`.
   */
  readonly seeds?: string | readonly string[] | SeedSource
  /** Hears what happens. Default: nobody. */
  readonly reporter?: Reporter
  /** Ends whatever is under way. */
  readonly signal?: AbortSignal
  /** Default: the computer's. Only for creation dates in new files. */
  readonly clock?: () => Date
}

/** The context for a program that uses rev as a library. Opens no connection. Throws REV_CONFIG_* errors. */
export async function openLibraryContext(options: CreateRevOptions): Promise<CommandContext> {
  const { revisions, seeds } = options
  const opened = options.knex || options.config ? givenContext(options) : await projectContext(options)
  const context = areFolders(seeds) ? withSeeds(opened, seeds) : { ...opened, seeds }
  if (!areFolders(revisions)) return context
  const { versionLocations } = resolveSettings({ versionLocations: revisions }, { directory: context.directory })
  return { ...context, settings: { ...context.settings, versionLocations } }
}

function withSeeds(context: CommandContext, seeds: string | readonly string[]): CommandContext {
  const { seedLocations } = resolveSettings({ seedLocations: seeds }, { directory: context.directory })
  return { ...context, settings: { ...context.settings, seedLocations } }
}

/** The revisions, read anew: files may have changed since the last call. */
export function readAgain(context: CommandContext, options: CreateRevOptions): Pick<CommandContext, 'scripts'> {
  const { revisions } = options
  const read = (): Promise<RevisionScripts> =>
    revisions === undefined || areFolders(revisions)
      ? readRevisionScripts(context.settings, { directory: context.directory })
      : scriptsFromModules(revisions)
  return { scripts: readOnce(read, context.report) }
}

function givenContext(options: CreateRevOptions): CommandContext {
  const { knex, clock = () => new Date() } = options
  const { rev, config, databaseName, databaseNames } = givenDatabase(options)
  const directory = resolve(options.directory ?? '.')
  const context: Omit<CommandContext, 'scripts'> = {
    settings: resolveSettings(options.settings ?? rev, { directory }),
    knexConfig: options.config && config,
    knex,
    knexfile: undefined,
    environment: options.env,
    databaseName,
    databaseNames,
    openDatabase: async (name) => {
      if (!databaseNames.includes(name)) throw unknownDatabase(name, databaseNames)
      return openLibraryContext(siblingOptions(options, name))
    },
    directory,
    seeds: undefined,
    report: heardBy(options.reporter),
    signal: options.signal ?? new AbortController().signal,
    now: clock,
    newId: newRevisionId,
  }
  return { ...context, ...readAgain(context as CommandContext, options) }
}

/** The names of the databases that belong together. Throws REV_CONFIG_NO_DATABASES when nothing says which do. */
export async function listLibraryDatabases(options: CreateRevOptions): Promise<readonly string[]> {
  const { config, knex } = options
  if (config?.databases) return listDatabases({ databases: config.databases }, { file: GIVEN, environment: {} })
  if (config || knex) throw new RevError('REV_CONFIG_NO_DATABASES', { file: GIVEN })
  return listProjectDatabases(projectOptions(options))
}

// How errors call it where others name the knexfile.
const GIVEN = 'what createRev was given'

interface GivenDatabase extends Pick<CommandContext, 'databaseName' | 'databaseNames'> {
  readonly rev: RevOptions | undefined
  readonly config: Knex.Config
}

function givenDatabase({ config = {}, database }: CreateRevOptions): GivenDatabase {
  const { rev, databases, ...own } = config
  if (databases === undefined) {
    if (database !== undefined) throw unknownDatabase(database, [])
    return { rev, config: own, databaseName: undefined, databaseNames: [] }
  }
  const chosen = chooseDatabase({ databases, rev, ...own }, { file: GIVEN, database, environment: {} })
  return { ...chosen, rev: chosen.rev as RevOptions | undefined, config: chosen.config as Knex.Config }
}

function unknownDatabase(database: string, databases: readonly string[]): RevError {
  return new RevError('REV_CONFIG_UNKNOWN_DATABASE', { file: GIVEN, database, databases })
}

/** Another database of the same project: what is said of the revisions, seeds and events of the first is not meant for it. */
function siblingOptions(options: CreateRevOptions, database: string): CreateRevOptions {
  const { revisions: _, seeds: __, reporter: ___, ...others } = options
  return { ...others, database }
}

async function projectContext(options: CreateRevOptions): Promise<CommandContext> {
  const { reporter, signal, clock } = options
  const context = await openContext({
    ...projectOptions(options),
    report: heardBy(reporter),
    ...(signal && { signal }),
  })
  return clock ? { ...context, now: clock } : context
}

function projectOptions({ directory = '.', knexfile, env, database, envFile }: CreateRevOptions): OpenContextOptions {
  return {
    cwd: resolve(directory),
    // A library writes to the environment only when it is told which file to read.
    envFile: envFile ?? false,
    // biome-ignore lint/style/noProcessEnv: the knexfile reads it, too; a program that uses rev expects no other.
    environment: process.env,
    ...(knexfile === undefined ? {} : { knexfile }),
    ...(env === undefined ? {} : { env }),
    ...(database === undefined ? {} : { database }),
  }
}

/** What a reporter throws is its own affair, and no reason to stop half way. */
function heardBy(reporter: Reporter = silentReporter): Reporter {
  return (event) => {
    try {
      reporter(event)
    } catch {
      // Nobody is left to tell.
    }
  }
}

function areFolders(given: unknown): given is string | readonly string[] {
  if (typeof given === 'string') return true
  return Array.isArray(given) && given.length > 0 && given.every((entry) => typeof entry === 'string')
}
