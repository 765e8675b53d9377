// The few things that an ES module and a CommonJS module do differently. This file is CommonJS also where the sources are
// run as ES modules, and a file of its own in the package, so that `__dirname` exists and `import()` stays Node's own;
// nothing else may care what it is compiled to.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the installed package: the one with its package.json and `templates/`. */
export const packageRoot: string = findPackageRoot(__dirname)

/** Node's own `import()`, by file URL or the name of a package; unlike a compiled `import()` it is never turned into `require`. */
export function nativeImport(url: string): Promise<Record<string, unknown>> {
  return import(url) as Promise<Record<string, unknown>>
}

/** Node's own `require()` of an absolute path; undefined where another stands in for it, as in a Jest worker. */
export const nativeRequire: ((file: string) => unknown) | undefined =
  typeof require.extensions?.['.js'] === 'function' ? require : undefined

/** Makes the next load of a CommonJS file, or of one that is transpiled, run it again. */
export function forgetModule(file: string): void {
  delete require.cache[file]
}

function findPackageRoot(start: string): string {
  let folder = start
  while (!existsSync(join(folder, 'templates')) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}
