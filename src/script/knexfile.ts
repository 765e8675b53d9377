import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { any } from 'empathic/find'
import { isRevError, RevError } from '../errors/index.ts'
import { toLoadError } from './import-failure.ts'
import { createModuleLoader } from './module-loader.ts'
import { hideUrlPasswords } from './reason.ts'

/** In the order of preference, where a folder holds several. */
export const KNEXFILE_NAMES: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `knexfile.${extension}`,
)

/** What a knexfile gives: one configuration, or one for each environment. */
export type KnexfileContent = Readonly<Record<string, unknown>>

/**
 * The absolute path of the knexfile: the named one, from `cwd`, else the nearest one in `cwd` or above; undefined when
 * there is none. Throws REV_CONFIG_KNEXFILE_NOT_FOUND when the named one is not there.
 */
export function findKnexfile({ cwd, knexfile }: { cwd: string; knexfile?: string | undefined }): string | undefined {
  if (knexfile === undefined) return any([...KNEXFILE_NAMES], { cwd: resolve(cwd), type: 'file' })
  const file = resolve(cwd, knexfile)
  if (existsSync(file) && statSync(file).isFile()) return file
  throw new RevError('REV_CONFIG_KNEXFILE_NOT_FOUND', { searched: file, knexfile })
}

/**
 * Runs a knexfile and gives what it exports: by `export default` or `module.exports`, as an object, a promise or a
 * function, itself asynchronous or not. Throws REV_CONFIG_KNEXFILE_FAILED.
 */
export async function loadKnexfile(file: string): Promise<KnexfileContent> {
  if (file.endsWith('.json')) return assertContent(readJson(file), file)
  let content: unknown
  try {
    content = await settle(unwrapDefault(await createModuleLoader({ directory: dirname(file) }).load(file)), file)
  } catch (error) {
    if (isRevError(error, 'REV_CONFIG_KNEXFILE_FAILED')) throw error
    const failure = isRevError(error, 'REV_FILE_LOAD_FAILED') ? error : toLoadError(error, file)
    const { details, cause } = failure as RevError<'REV_FILE_LOAD_FAILED'>
    const line = details.line === undefined ? {} : { line: details.line }
    throw new RevError(
      'REV_CONFIG_KNEXFILE_FAILED',
      { file, ...line, reason: hideUrlPasswords(details.reason) },
      { cause },
    )
  }
  return assertContent(content, file)
}

async function settle(content: unknown, file: string): Promise<unknown> {
  const awaited = await content
  if (typeof awaited !== 'function') return awaited
  // An instance is a function as well, and calling it would begin a query.
  if ('raw' in awaited && 'client' in awaited) throw failed(file, 'it exports a Knex instance, not a configuration.')
  return unwrapDefault(await awaited())
}

// Transpilers and `import` each wrap a default export once; a configuration may have been through several of them.
function unwrapDefault(loaded: unknown): unknown {
  let content = loaded
  for (let depth = 0; depth < 3 && isObject(content) && content.default !== undefined; depth++) {
    if (depth > 0 && !('__esModule' in content) && Object.keys(content).length > 1) break
    content = content.default
  }
  return content
}

function assertContent(content: unknown, file: string): KnexfileContent {
  if (isObject(content)) return content
  const given = content === null ? 'null' : Array.isArray(content) ? 'an array' : `a value of type ${typeof content}`
  throw failed(file, `it gives ${given}, not an object.`)
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser's own words quote the text around the fault, which may be a password; so they are not passed on.
    const position = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length
    throw failed(file, 'it is not valid JSON.', line)
  }
}

function failed(file: string, reason: string, line?: number): RevError {
  return new RevError('REV_CONFIG_KNEXFILE_FAILED', { file, ...(line === undefined ? {} : { line }), reason })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
