import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { up } from 'empathic/package'

/** What new files of a project are written in. */
export interface ProjectKind {
  readonly language: 'typescript' | 'javascript'
  /** What a `.js` file is here. */
  readonly modules: 'esm' | 'commonjs'
}

/**
 * TypeScript where there is a tsconfig.json, a knexfile in TypeScript or a dependency on typescript; the modules are
 * what the nearest package.json says for files in `location`.
 */
export function detectProjectKind(directory: string, location = directory): ProjectKind {
  const packageFile = up({ cwd: directory })
  const folders = packageFile === undefined ? [directory] : [directory, dirname(packageFile)]
  const hasConfig = folders.some((folder) => existsSync(join(folder, 'tsconfig.json')))
  const hasKnexfile = ['ts', 'mts', 'cts'].some((extension) => existsSync(join(directory, `knexfile.${extension}`)))
  const { dependencies, devDependencies } = readPackage(packageFile)
  const hasDependency = [dependencies, devDependencies].some((list) => isRecord(list) && 'typescript' in list)
  return {
    language: hasConfig || hasKnexfile || hasDependency ? 'typescript' : 'javascript',
    modules: readPackage(up({ cwd: location })).type === 'module' ? 'esm' : 'commonjs',
  }
}

/** The template that fits a project best. */
export function defaultTemplate({ language, modules }: ProjectKind): string {
  if (language === 'typescript') return 'typescript'
  return modules === 'esm' ? 'javascript' : 'commonjs'
}

/** A package.json; one that cannot be read is somebody else's fault to report, and here it only says nothing. */
export function readPackage(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {}
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    return isRecord(content) ? content : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
