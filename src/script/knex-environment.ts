import { RevError } from '../errors/index.ts'
import type { KnexfileContent } from './knexfile.ts'
import { nearName } from './near-name.ts'

/** One configuration out of a knexfile. */
export interface KnexEnvironment {
  /** Undefined when the knexfile has no environments. */
  readonly name: string | undefined
  /** Everything but `rev`. */
  readonly config: Readonly<Record<string, unknown>>
  /** What stands under `rev`, unchecked: the environment's own, on top of what stands beside the environments. */
  readonly rev: unknown
}

// A file with one of these at its top is a configuration itself.
const CONFIGURATION_KEYS = ['client', 'dialect', 'connection', 'connectionPool']

/**
 * Chooses the environment: the one asked for, else `REV_ENV`, else `NODE_ENV`, else `development`. A knexfile without
 * environments is the configuration itself, unless one is asked for. Throws REV_CONFIG_UNKNOWN_ENV.
 */
export function chooseEnvironment(
  content: KnexfileContent,
  { file, env, environment }: { file: string; env?: string | undefined; environment: NodeJS.ProcessEnv },
): KnexEnvironment {
  const { name, source } = environmentName(env, environment)
  const hasEnvironments = isOfEnvironments(content)
  const names = environmentNames(content)
  if (isEnvironment(content, name) && (hasEnvironments || !isKnexKey(name))) {
    const { rev, ...config } = content[name] as Record<string, unknown>
    return { name, config, rev: joinSettings(content.rev, rev) }
  }
  if (!hasEnvironments && source !== '--env') {
    const { rev, ...config } = content
    return { name: undefined, config, rev }
  }
  const suggestion = nearName(name, names)
  const details = { file, environment: name, source, environments: names }
  throw new RevError('REV_CONFIG_UNKNOWN_ENV', { ...details, ...(suggestion === undefined ? {} : { suggestion }) })
}

/** The environments of a knexfile, in its order; none when it is a configuration itself. */
export function environmentNames(content: KnexfileContent): string[] {
  return isOfEnvironments(content) ? Object.keys(content).filter((key) => isEnvironment(content, key)) : []
}

function isOfEnvironments(content: KnexfileContent): boolean {
  return !CONFIGURATION_KEYS.some((key) => key in content)
}

function environmentName(env: string | undefined, environment: NodeJS.ProcessEnv): { name: string; source: string } {
  if (env !== undefined) return { name: env, source: '--env' }
  if (environment.REV_ENV) return { name: environment.REV_ENV, source: 'REV_ENV' }
  if (environment.NODE_ENV) return { name: environment.NODE_ENV, source: 'NODE_ENV' }
  return { name: 'development', source: 'default' }
}

function isEnvironment(content: KnexfileContent, name: string): boolean {
  return Object.hasOwn(content, name) && name !== 'rev' && isRecord(content[name])
}

// Only so that `NODE_ENV=pool` and the like cannot pick a part of a configuration.
function isKnexKey(name: string): boolean {
  return [...CONFIGURATION_KEYS, 'pool', 'migrations', 'seeds', 'log'].includes(name)
}

function joinSettings(shared: unknown, own: unknown): unknown {
  if (shared === undefined || shared === null) return own
  if (own === undefined || own === null) return shared
  return isRecord(shared) && isRecord(own) ? { ...shared, ...own } : own
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
