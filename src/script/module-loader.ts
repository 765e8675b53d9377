import { readFileSync, realpathSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { forgetModule, nativeImport } from '../platform.cts'
import { isImportUnavailable, isModuleSystemFailure, toLoadError } from './import-failure.ts'
import { editionOf } from './module-editions.ts'
import { loadSelfContained } from './self-contained-module.ts'
import { findTranspileCache } from './transpile-cache.ts'
import { visibleExports } from './visible-exports.ts'

// Written so because jiti's types for CommonJS do not name it.
type Jiti = ReturnType<typeof import('jiti').createJiti>

/** Loads files of code, TypeScript or JavaScript, in projects of ES modules and of CommonJS alike. */
export interface ModuleLoader {
  /**
   * The exports of `file` by name; the properties of an object that is the default export, or `module.exports`, are
   * there by name, too. `.ts .mts .cts .js .mjs .cjs .json`. A file is run at most once: the same promise every time; a
   * new loader runs it again when its text is another one now, but not what it imports.
   * Throws REV_FILE_LOAD_FAILED.
   */
  load(file: string): Promise<Record<string, unknown>>
}

export interface ModuleLoaderOptions {
  /** The project's folder: its `tsconfig.json` gives the path aliases, its `node_modules` holds the cache. */
  readonly directory: string
}

/** A loader for one project. Nothing is loaded, and no transpiler, before the first `load`. */
export function createModuleLoader(options: ModuleLoaderOptions): ModuleLoader {
  const loading = new Map<string, Promise<Record<string, unknown>>>()
  const load = createUncachedLoad(options.directory)
  return {
    load(file) {
      const path = resolve(file)
      const known = loading.get(path)
      if (known !== undefined) return known
      const started = load(path).then(visibleExports, (error: unknown) => {
        throw toLoadError(error, path)
      })
      loading.set(path, started)
      return started
    },
  }
}

function createUncachedLoad(directory: string): (file: string) => Promise<unknown> {
  let transpiler: Promise<Jiti> | undefined
  const getTranspiler = () => {
    transpiler ??= createTranspiler(directory)
    return transpiler
  }
  // One at a time: two files that import a third at once would find it half loaded.
  let last: Promise<unknown> = Promise.resolve()
  const transpile = (file: string) => {
    const next = last.then(async () => importTranspiled(await getTranspiler(), file))
    last = next.catch(() => undefined)
    return next
  }
  return async (file) => {
    const extension = extname(file)
    if (extension === '.json') return { default: parseJson(file) }
    const { edition, isChanged, text } = editionOf(file)
    if (isChanged) for (const path of [file, realpathSync(file)]) forgetModule(path)
    if (/^\.[cm]?ts$/.test(extension)) return transpile(file)
    try {
      const atOnce = edition === 0 && text !== undefined ? loadSelfContained(file, text) : undefined
      if (atOnce !== undefined) return atOnce.exports
      const { href } = pathToFileURL(file)
      return await nativeImport(edition === 0 ? href : `${href}?edition=${edition}`)
    } catch (error) {
      const canResolve = async (id: string) => {
        const transpilerOfFile = await getTranspiler()
        return transpilerOfFile.esmResolve(id, { parentURL: pathToFileURL(file).href, try: true }) !== undefined
      }
      if (!(await isModuleSystemFailure(error, file, canResolve))) throw error
      return transpile(file)
    }
  }
}

async function createTranspiler(directory: string): Promise<Jiti> {
  const { createJiti } = await import('jiti')
  return createJiti(join(directory, '_index.js'), {
    fsCache: findTranspileCache(directory) ?? false,
    tsconfigPaths: true,
    interopDefault: true,
  })
}

async function importTranspiled(jiti: Jiti, file: string): Promise<unknown> {
  try {
    return await jiti.import(file)
  } catch (error) {
    // Imports come before the file's own code, so nothing of it has run when they are not to be had.
    if (!isImportUnavailable(error)) throw error
    return jiti(file)
  }
}

function parseJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
}
