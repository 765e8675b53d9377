import { dirname, resolve } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import type { RevOptions, RevSettings } from '../settings.ts'
import { loadEnvFile } from './env-file.ts'
import { isDirectory } from './is-directory.ts'
import { connectionConfig } from './knex-connection.ts'
import { findKnexfile, loadKnexfile } from './knexfile.ts'
import { type ChosenDatabase, chooseDatabase, listDatabases } from './knexfile-databases.ts'
import { resolveSettings } from './settings-from-options.ts'

/** How a project is found: from a folder, a knexfile and an environment, as on Knex's command line. */
export interface ProjectOptions {
  readonly cwd: string
  /** From `cwd`. Default: searched from `cwd` upwards. */
  readonly knexfile?: string | undefined
  /** Default `REV_ENV`, `NODE_ENV`, `development`. */
  readonly env?: string | undefined
  /** Which of several databases. Default: the only one. */
  readonly database?: string | undefined
  readonly client?: string | undefined
  readonly connection?: string | undefined
  /** From `cwd`; false for none. Default `.env` beside the knexfile, when there is one. */
  readonly envFile?: string | false | undefined
  /** The variables; those of the `.env` file are added here, before the knexfile is run. */
  readonly environment: NodeJS.ProcessEnv
  /** With false a missing knexfile means the default settings, and an environment may lack a client. */
  readonly requireKnexfile: boolean
}

/** A project as its knexfile describes it. */
export interface Project {
  /** Absolute; undefined when there is none. */
  readonly knexfile: string | undefined
  /** What relative paths start from: the knexfile's folder, else `cwd`. */
  readonly directory: string
  /** Undefined when the knexfile has no environments. */
  readonly environmentName: string | undefined
  /** Undefined when the knexfile has no name for its database. */
  readonly databaseName: string | undefined
  /** All databases of the knexfile, this one too; empty when it has no name for it. */
  readonly databaseNames: readonly string[]
  /** The environment that all of them are in; undefined where there is none, or each is one itself. */
  readonly sharedEnvironment: string | undefined
  /** For `knex(...)`; undefined when nothing names a client. */
  readonly knexConfig: Knex.Config | undefined
  readonly settings: RevSettings
}

/**
 * Finds and reads a project: variables first, then the knexfile, its environment and the settings in it. With both
 * `client` and `connection` it needs no knexfile. Changes no working directory. Throws REV_CONFIG_* errors.
 */
export async function loadProject(options: ProjectOptions): Promise<Project> {
  const { cwd, knexfile, directory } = findProject(options)
  const isDescribed = options.client !== undefined && options.connection !== undefined
  if (knexfile === undefined && options.requireKnexfile && !isDescribed) {
    throw new RevError('REV_CONFIG_KNEXFILE_NOT_FOUND', { searched: cwd })
  }
  loadEnvFile({ ...options, cwd, directory })
  const chosen = knexfile === undefined ? noDatabase(options) : await readDatabase(knexfile, options)
  const settings = resolveSettings(chosen.rev as RevOptions | undefined, { directory, file: knexfile })
  const knexConfig = connectionConfig(chosen.config, options, { directory, cwd })
  if (!knexConfig.client && options.requireKnexfile) {
    throw new RevError('REV_CONFIG_NO_CLIENT', {
      ...(knexfile === undefined ? {} : { file: knexfile }),
      ...(chosen.name === undefined ? {} : { environment: chosen.name }),
    })
  }
  return {
    knexfile,
    directory,
    environmentName: chosen.name,
    databaseName: chosen.databaseName,
    databaseNames: chosen.databaseNames,
    sharedEnvironment: chosen.sharedEnvironment,
    knexConfig: knexConfig.client ? knexConfig : undefined,
    settings,
  }
}

/**
 * The names of the databases that belong together in a project, in the order of its knexfile. Throws REV_CONFIG_NO_DATABASES
 * when it does not say which do, and other REV_CONFIG_* errors.
 */
export async function listProjectDatabases(options: ProjectOptions): Promise<readonly string[]> {
  const { cwd, knexfile, directory } = findProject(options)
  if (knexfile === undefined) throw new RevError('REV_CONFIG_KNEXFILE_NOT_FOUND', { searched: cwd })
  loadEnvFile({ ...options, cwd, directory })
  return listDatabases(await loadKnexfile(knexfile), choiceOf(knexfile, options))
}

function findProject({ cwd: from, knexfile: named }: ProjectOptions) {
  const cwd = resolve(from)
  if (!isDirectory(cwd)) throw new RevError('REV_CONFIG_NO_DIRECTORY', { directory: cwd })
  const knexfile = findKnexfile({ cwd, knexfile: named })
  return { cwd, knexfile, directory: knexfile === undefined ? cwd : dirname(knexfile) }
}

const NO_DATABASE: ChosenDatabase = {
  name: undefined,
  config: {},
  rev: undefined,
  databaseName: undefined,
  databaseNames: [],
  sharedEnvironment: undefined,
}

function noDatabase({ database, cwd }: ProjectOptions): ChosenDatabase {
  if (database === undefined) return NO_DATABASE
  throw new RevError('REV_CONFIG_KNEXFILE_NOT_FOUND', { searched: resolve(cwd) })
}

async function readDatabase(file: string, options: ProjectOptions): Promise<ChosenDatabase> {
  return chooseDatabase(await loadKnexfile(file), choiceOf(file, options))
}

function choiceOf(file: string, { env, database, environment }: ProjectOptions) {
  return { file, env, database, environment }
}
