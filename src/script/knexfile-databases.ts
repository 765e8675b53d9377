import { RevError } from '../errors/index.ts'
import { chooseEnvironment, environmentNames, type KnexEnvironment } from './knex-environment.ts'
import type { KnexfileContent } from './knexfile.ts'
import { nearName } from './near-name.ts'

/** What the user has said of environment and database. */
export interface DatabaseChoice {
  readonly file: string
  /** Default `REV_ENV`, `NODE_ENV`, `development`. */
  readonly env?: string | undefined
  /** Default: the only one there is. */
  readonly database?: string | undefined
  readonly environment: NodeJS.ProcessEnv
}

/** One database of a knexfile. */
export interface ChosenDatabase extends KnexEnvironment {
  /** Undefined when the knexfile has no name for it as a database: neither a map nor a list of databases. */
  readonly databaseName: string | undefined
  /** This one and the others, as the knexfile lists them; empty when it does not. */
  readonly databaseNames: readonly string[]
  /** The environment that all of them are in; undefined where there is none, or each is one itself. */
  readonly sharedEnvironment: string | undefined
}

/**
 * Chooses one database: an entry of the map `databases`, in an environment or in place of environments; else an
 * environment, whether or not the knexfile lists it as a database. Throws REV_CONFIG_UNKNOWN_ENV, REV_CONFIG_UNKNOWN_DATABASE,
 * REV_CONFIG_DATABASE_NEEDED and REV_CONFIG_INVALID_DATABASES.
 */
export function chooseDatabase(content: KnexfileContent, choice: DatabaseChoice): ChosenDatabase {
  const declared = readDeclaration(content, choice)
  if (declared.kind === 'map') return chooseEntry(declared, choice)
  const name = environmentAsked(declared, choice)
  const chosen = chooseEnvironment(declared.content, { ...choice, ...(name === undefined ? {} : { env: name }) })
  // Environments that nobody has called databases are, as a rule, one database at several places.
  if (chosen.config.databases !== undefined) throw mapOf(chosen.name, choice)
  const names =
    declared.kind === 'list'
      ? { databaseName: chosen.name, databaseNames: declared.databaseNames }
      : { databaseName: undefined, databaseNames: [] }
  return { ...chosen, ...names, sharedEnvironment: undefined }
}

/**
 * The names of all databases that belong together, in the order of the knexfile. Throws REV_CONFIG_NO_DATABASES when it
 * does not say which do: environments are often the same database at several places.
 */
export function listDatabases(content: KnexfileContent, choice: DatabaseChoice): readonly string[] {
  const declared = readDeclaration(content, choice)
  if (declared.kind === 'environments') throw new RevError('REV_CONFIG_NO_DATABASES', { file: choice.file })
  if (declared.kind === 'list' && choice.env !== undefined) {
    throw invalid(choice, [
      `--env is "${choice.env}", and all are asked for: here the environments are the databases, so leave --env away`,
    ])
  }
  return declared.databaseNames
}

/** A map of databases, with what they share. */
interface DatabaseMap {
  readonly kind: 'map'
  readonly shared: KnexEnvironment
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly databaseNames: readonly string[]
}

/** Environments that are databases: those of a list, or all of them when there is none. */
interface EnvironmentDatabases {
  readonly kind: 'list' | 'environments'
  readonly content: KnexfileContent
  readonly databaseNames: readonly string[]
}

function readDeclaration(content: KnexfileContent, choice: DatabaseChoice): DatabaseMap | EnvironmentDatabases {
  const { databases: declared, ...others } = content
  const environments = environmentNames(others)
  if (Array.isArray(declared)) {
    assertList(declared, environments, choice)
    return { kind: 'list', content: others, databaseNames: declared }
  }
  if (declared !== undefined) {
    const configured = environments.filter((name) => isConfigured(others[name]))
    if (configured.length > 0) throw beside(configured, choice)
    if (choice.env !== undefined) throw noEnvironments(choice, choice.env)
    const { rev, ...config } = others
    return readMap({ name: undefined, config, rev }, declared, choice)
  }
  const isMapped = environments.some((name) => (others[name] as KnexfileContent).databases !== undefined)
  if (!isMapped) return { kind: 'environments', content: others, databaseNames: environments }
  const chosen = chooseEnvironment(others, choice)
  const { databases: map, ...config } = chosen.config
  if (map === undefined) return { kind: 'environments', content: others, databaseNames: environments }
  return readMap({ ...chosen, config }, map, choice)
}

function readMap(shared: KnexEnvironment, map: unknown, choice: DatabaseChoice): DatabaseMap {
  const problems = findMapProblems(shared, map)
  if (problems.length > 0) throw invalid(choice, problems)
  const entries = map as DatabaseMap['entries']
  return { kind: 'map', shared, entries, databaseNames: Object.keys(entries) }
}

// A name becomes a folder, and is typed on a command line.
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

function findMapProblems(shared: KnexEnvironment, map: unknown): string[] {
  if (!isRecord(map))
    return [`databases: it must be an object with a configuration for each name, or a list of environments`]
  const problems: string[] = []
  if (Object.keys(map).length === 0) problems.push('databases: there is none in it')
  if (shared.config.connection !== undefined) {
    problems.push('connection: it stands beside "databases", where each has its own; move it into one of them')
  }
  for (const [name, entry] of Object.entries(map)) {
    if (!NAME.test(name)) {
      problems.push(`databases: "${name}" cannot be a name; it takes letters, digits, "_", "-" and "."`)
    }
    if (!isRecord(entry)) problems.push(`databases.${name}: it must be a configuration`)
    else if (entry.databases !== undefined) problems.push(`databases.${name}: there is another "databases" in it`)
  }
  return problems
}

function chooseEntry({ shared, entries, databaseNames }: DatabaseMap, choice: DatabaseChoice): ChosenDatabase {
  const { database = databaseNames.length === 1 ? databaseNames[0] : undefined } = choice
  if (database === undefined) throw needed(choice, databaseNames)
  const entry = Object.hasOwn(entries, database) ? entries[database] : undefined
  if (entry === undefined) throw unknown(choice, database, databaseNames)
  const { rev, ...config } = entry
  return {
    name: shared.name,
    config: { ...shared.config, ...config },
    rev: withOwnFolders(shared.rev, rev, databaseNames.length > 1 ? database : undefined),
    databaseName: database,
    databaseNames,
    sharedEnvironment: shared.name,
  }
}

/** Several databases do not share a folder unless the knexfile says so: one would get the revisions of the other. */
function withOwnFolders(shared: unknown, own: unknown, folder: string | undefined): unknown {
  // What is no object is for the settings to complain about.
  if ((shared !== undefined && shared !== null && !isRecord(shared)) || (own && !isRecord(own))) return own ?? shared
  const defaults =
    folder === undefined ? {} : { versionLocations: `versions/${folder}`, seedLocations: `seeds/${folder}` }
  return { ...defaults, ...(shared as object | undefined), ...(own as object | undefined) }
}

function environmentAsked({ kind, databaseNames }: EnvironmentDatabases, choice: DatabaseChoice): string | undefined {
  const { database, env, environment } = choice
  if (database !== undefined) {
    if (!databaseNames.includes(database)) throw unknown(choice, database, databaseNames)
    if (env === undefined || env === database) return database
    throw invalid(choice, [
      `--env is "${env}", and --database is "${database}": here the environments are the databases, so give one of them`,
    ])
  }
  // That the variable names the environment is for the error to say, should there be no such one.
  if (env !== undefined || kind === 'environments' || environment.REV_ENV) return env
  if (databaseNames.length === 1) return databaseNames[0]
  throw needed(choice, databaseNames)
}

function assertList(declared: readonly unknown[], environments: readonly string[], choice: DatabaseChoice): void {
  const problems = declared
    .filter((name) => typeof name !== 'string' || !environments.includes(name))
    .map((name) => `databases: there is no environment "${String(name)}"`)
  if (declared.length === 0) problems.push('databases: there is none in it')
  if (new Set(declared).size < declared.length) problems.push('databases: a name is there twice')
  if (problems.length > 0) throw invalid(choice, problems)
}

function beside(environments: readonly string[], choice: DatabaseChoice): RevError {
  const names = environments.map((name) => `"${name}"`).join(', ')
  return invalid(choice, [
    `databases: it stands beside the environments ${names}; put it into each of them, or make it the list of those that are databases`,
  ])
}

function mapOf(environment: string | undefined, choice: DatabaseChoice): RevError {
  return invalid(choice, [
    `databases: the environment "${environment}" has databases of its own; choose it with --env ${environment}, and one of them with --database`,
  ])
}

// Something like `pool`, which all databases may share, is no environment.
function isConfigured(value: unknown): boolean {
  return isRecord(value) && ['client', 'dialect', 'connection', 'databases'].some((key) => key in value)
}

function noEnvironments({ file }: DatabaseChoice, environment: string): RevError {
  return new RevError('REV_CONFIG_UNKNOWN_ENV', { file, environment, source: '--env', environments: [] })
}

function invalid({ file }: DatabaseChoice, problems: readonly string[]): RevError {
  return new RevError('REV_CONFIG_INVALID_DATABASES', { file, problems })
}

function needed({ file }: DatabaseChoice, databases: readonly string[]): RevError {
  return new RevError('REV_CONFIG_DATABASE_NEEDED', { file, databases })
}

function unknown({ file }: DatabaseChoice, database: string, databases: readonly string[]): RevError {
  const suggestion = nearName(database, databases)
  const details = { file, database, databases }
  return new RevError('REV_CONFIG_UNKNOWN_DATABASE', suggestion === undefined ? details : { ...details, suggestion })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
