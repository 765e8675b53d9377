import { randomBytes } from 'node:crypto'
import { type Reporter, silentReporter } from '../events.ts'
import { listProjectDatabases, loadProject, type Project } from '../script/project.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { readRevisionScripts } from '../script/script-directory.ts'
import type { CommandContext } from './context.ts'

/** How a project is found: from a folder, a knexfile and an environment, as on Knex's command line. */
export interface OpenContextOptions {
  /** The folder to start from. */
  readonly cwd: string
  /** Path of the knexfile, from `cwd`. Default: searched from `cwd` upwards. */
  readonly knexfile?: string
  /** Name of the environment. Default `REV_ENV`, `NODE_ENV`, `development`. */
  readonly env?: string
  /** Which of several databases. Default: the only one. */
  readonly database?: string
  /** Replaces the knexfile's client. */
  readonly client?: string
  /** Replaces the knexfile's connection: a URL, or JSON. */
  readonly connection?: string
  /** A file of variables to read first; false for none. Default `.env` beside the knexfile, when there is one. */
  readonly envFile?: string | false
  /** The environment variables; what the `.env` file adds is written here. */
  readonly environment: NodeJS.ProcessEnv
  readonly report?: Reporter
  readonly signal?: AbortSignal
  /** Default true. With false a missing knexfile means the default settings. */
  readonly requireKnexfile?: boolean
}

/** Reads the project once and gives what every command needs. Opens no connection. Throws REV_CONFIG_* errors. */
export async function openContext(options: OpenContextOptions): Promise<CommandContext> {
  const { report = silentReporter, signal = new AbortController().signal, requireKnexfile = true, ...where } = options
  const project = await loadProject({ ...where, requireKnexfile })
  return {
    settings: project.settings,
    knexConfig: project.knexConfig,
    knex: undefined,
    knexfile: project.knexfile,
    environment: project.environmentName ?? namedEnvironment(where.environment),
    databaseName: project.databaseName,
    databaseNames: project.databaseNames,
    openDatabase: (name) => openSibling(project, options, name),
    directory: project.directory,
    seeds: undefined,
    scripts: readOnce(() => readRevisionScripts(project.settings, { directory: project.directory }), report),
    report,
    signal,
    now: () => new Date(),
    newId: newRevisionId,
  }
}

/** The names of the databases that belong together, in the order of the knexfile. Throws REV_CONFIG_* errors. */
export function listDatabases(options: OpenContextOptions): Promise<readonly string[]> {
  return listProjectDatabases({ ...options, requireKnexfile: true })
}

// What is said of the connection, and of the environment where that is the database itself, is meant for the other one alone.
function openSibling(
  { sharedEnvironment }: Project,
  options: OpenContextOptions,
  name: string,
): Promise<CommandContext> {
  const { env: _, client: __, connection: ___, report: ____, ...where } = options
  const env = sharedEnvironment === undefined ? {} : { env: sharedEnvironment }
  return openContext({ ...where, ...env, database: name, requireKnexfile: true })
}

// A knexfile without environments may still be told where it is.
function namedEnvironment({ REV_ENV, NODE_ENV }: NodeJS.ProcessEnv): string | undefined {
  return REV_ENV || NODE_ENV || undefined
}

/** Twelve random hex digits, as Alembic makes them. */
export function newRevisionId(): string {
  return randomBytes(6).toString('hex')
}

/** Makes one reading serve the whole command, and tells its notices once. */
export function readOnce(read: () => Promise<RevisionScripts>, report: Reporter): () => Promise<RevisionScripts> {
  let reading: Promise<RevisionScripts> | undefined
  return () => {
    reading ??= read().then((scripts) => {
      for (const notice of scripts.notices) report({ type: 'notice', ...notice })
      return scripts
    })
    return reading
  }
}
