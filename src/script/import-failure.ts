import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { RevError } from '../errors/index.ts'
import { show } from './show-value.ts'

// Node refuses these before, or instead of, running the importing file. A loader with wider rules may succeed.
const MODULE_SYSTEM_CODES: ReadonlySet<string> = new Set([
  'ERR_IMPORT_ASSERTION_TYPE_MISSING',
  'ERR_IMPORT_ATTRIBUTE_MISSING',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_REQUIRE_ASYNC_MODULE',
  'ERR_REQUIRE_ESM',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
])

/** Whether `import()` itself is not to be had here, as in a Jest worker without `--experimental-vm-modules`. */
export function isImportUnavailable(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING' || code === 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING_FLAG'
}

/**
 * Whether Node failed to load `file` for reasons of its module system (ES module syntax in a CommonJS package, an
 * import without its extension, ...), so that a loader with wider rules may try. False whenever the file's own code
 * threw: it must not run twice. `canResolve` tells whether the wider loader would find a specifier.
 */
export async function isModuleSystemFailure(
  error: unknown,
  file: string,
  canResolve: (id: string) => Promise<boolean>,
): Promise<boolean> {
  if (isImportUnavailable(error)) return true
  const code = codeOf(error)
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    const missing = /Cannot find (?:module|package) '([^']+)'/.exec(messageOf(error))?.[1]
    return missing !== undefined && (await canResolve(missing))
  }
  if (code !== undefined) return MODULE_SYSTEM_CODES.has(code) && !isThrownBy(file, error)
  return error instanceof Error && error.name === 'SyntaxError' && isCompileError(error, file)
}

/**
 * Whether an error that has a code of Node's was made by the file's own code: Node writes the code into the trace of its
 * own errors, whose first frame may be the file all the same.
 */
export function isThrownBy(file: string, error: unknown): boolean {
  const { stack } = error as { readonly stack?: unknown }
  if (typeof stack !== 'string' || stack.includes(`[${codeOf(error)}]`)) return false
  const [firstFrame = ''] = /^\s+at .*$/m.exec(stack) ?? []
  const path = realpathSync(file)
  return [file, path].some(
    (name) => firstFrame.includes(`${name}:`) || firstFrame.includes(`${pathToFileURL(name).href}:`),
  )
}

// Parsing and linking end before anything runs, and then the first frame is Node's own; `JSON.parse` and
// `new Function` name themselves there, and code that runs is on the stack.
function isCompileError(error: Error, file: string): boolean {
  const stack = error.stack ?? ''
  const [firstFrame] = /^\s+at .*$/m.exec(stack) ?? []
  if (firstFrame !== undefined && !firstFrame.includes('node:internal/')) return false
  if (stack.includes(`(${file}:`) || stack.includes(`at ${pathToFileURL(file).href}:`)) return false
  const namesFile = stack.startsWith(`${file}:`) || stack.startsWith(`${pathToFileURL(file).href}:`)
  return namesFile || !/\bimport\s*\(/.test(readText(file))
}

/** The error of a file that could not be loaded: with the line, where the trace tells it, and the cause kept. */
export function toLoadError(error: unknown, file: string): RevError {
  const line = findLine(error, file)
  const reason = existsSync(file) ? reasonOf(error, file) : 'there is no such file.'
  return new RevError(
    'REV_FILE_LOAD_FAILED',
    { file, ...(line === undefined ? {} : { line }), reason },
    { cause: error },
  )
}

function findLine(error: unknown, file: string): number | undefined {
  if (!(error instanceof Error)) return undefined
  for (const text of [error.message, error.stack ?? '']) {
    for (const name of [file, pathToFileURL(file).href]) {
      const at = text.indexOf(`${name}:`)
      const digits = at === -1 ? undefined : /^\d+/.exec(text.slice(at + name.length + 1))?.[0]
      if (digits !== undefined) return Number(digits)
    }
  }
  return undefined
}

// jiti writes "ParseError: \n what happened \n file:line:column"; the file is named already.
function reasonOf(error: unknown, file: string): string {
  // V8 quotes what it could not parse, which in a knexfile may be a password.
  if (file.endsWith('.json')) return 'it is not valid JSON.'
  if (!(error instanceof Error)) return `it threw ${show(error)}`
  const lines = error.message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(`${file}:`))
  // Where a line is no sentence, the next one would run on.
  const text = lines
    .join('\n')
    .replaceAll(/([.:;,])?\n/g, (_end, mark = ';') => `${mark} `)
    .replace(/^ParseError:\s*/, 'SyntaxError: ')
  return error.name === 'Error' || text.startsWith('SyntaxError: ') ? text : `${error.name}: ${text}`
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
