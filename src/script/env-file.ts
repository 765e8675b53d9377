import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'

export interface EnvFileOptions {
  /** Where `.env` is looked for. */
  readonly directory: string
  /** What a named file is relative to. */
  readonly cwd: string
  /** A file that must be there; false for none at all. Default `.env` in `directory`, when there is one. */
  readonly envFile?: string | false | undefined
  /** The variables that are read and written: `process.env`, so that the knexfile sees them. */
  readonly environment: NodeJS.ProcessEnv
}

/**
 * Reads a file of variables and sets those that are not set yet. Gives the file that was read, if any. Throws
 * REV_CONFIG_ENV_FILE_FAILED when a named file is missing, or one cannot be read.
 */
export function loadEnvFile({ directory, cwd, envFile, environment }: EnvFileOptions): string | undefined {
  if (envFile === false) return undefined
  const file = envFile === undefined ? join(directory, '.env') : resolve(cwd, envFile)
  // `.env` is also the name of a folder in some projects.
  if (envFile === undefined && !statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined
  for (const [name, value] of Object.entries(parseEnv(readText(file)))) {
    if (environment[name] === undefined) environment[name] = value
  }
  return file
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new RevError('REV_CONFIG_ENV_FILE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}
