import { accessSync, constants, existsSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * The folder that keeps transpiled TypeScript between runs: `node_modules/.cache/rev` of the project, else a folder of
 * this user alone under the system's temporary one. Undefined when neither can be had safely: what lies in it is
 * executed, so nobody else may be able to write there.
 */
export function findTranspileCache(directory: string): string | undefined {
  const modules = findNodeModules(directory)
  const inProject = modules === undefined ? undefined : prepare(join(modules, '.cache', 'rev'), ownerOf(directory))
  return inProject ?? prepare(join(tmpdir(), `rev-cache-${process.getuid?.() ?? 'user'}`), undefined)
}

function findNodeModules(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules')
    if (existsSync(modules)) return modules
    if (dirname(folder) === folder) return undefined
  }
}

function prepare(folder: string, projectOwner: number | undefined): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    const found = lstatSync(folder)
    if (!found.isDirectory()) return undefined
    if (process.getuid === undefined) return folder
    const trusted = found.uid === process.getuid() || found.uid === projectOwner
    return trusted && (found.mode & 0o022) === 0 ? folder : undefined
  } catch {
    return undefined
  }
}

function ownerOf(directory: string): number | undefined {
  try {
    return statSync(directory).uid
  } catch {
    return undefined
  }
}
