import { type Dirent, existsSync, readdirSync, statSync, realpathSync as toRealPath } from 'node:fs'
import { join, sep } from 'node:path'
import { RevError } from '../errors/index.ts'
import type { RevSettings, VersionLocation } from '../settings.ts'
import { isDirectory } from './is-directory.ts'

/** A file that may hold a revision. */
export interface ListedFile {
  /** Absolute. */
  readonly file: string
  /** The name without its extension. */
  readonly stem: string
  readonly extension: string
  readonly location: VersionLocation
  /** A pipe, a device or a socket of such a name: reading it could take for ever. */
  readonly isSpecial: boolean
}

// The other one asks for every folder on the way.
const realpathSync = toRealPath.native

type Locations = Pick<RevSettings, 'versionLocations' | 'recursiveVersionLocations'>

/**
 * The files of all version locations, in load order: locations as configured, files by name, sub-directories after the
 * files of their parent. A file that can be reached in two ways is listed once; a directory that is a version location
 * itself is read as that one only. Hidden files, `.d.ts` and other extensions are not listed. Throws
 * REV_FILE_LOCATION_MISSING for all that are missing, REV_FILE_UNREADABLE.
 */
export function listRevisionFiles({ versionLocations, recursiveVersionLocations }: Locations): ListedFile[] {
  const missing = versionLocations.filter(({ path }) => !isDirectory(path)).map(({ path }) => path)
  if (missing.length > 0) throw new RevError('REV_FILE_LOCATION_MISSING', { directories: missing })

  const roots = new Set(versionLocations.map(({ path }) => realpathSync(path)))
  const seen = new Set<string>()
  const listed: ListedFile[] = []
  for (const location of versionLocations) {
    const waiting = [location.path]
    for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
      const real = realpathSync(directory)
      // Seen before: a link that leads back, or a location that is given twice.
      if (seen.has(real) || (directory !== location.path && roots.has(real))) continue
      seen.add(real)
      const below: string[] = []
      // Made plain once: what is joined to it is a single name each time.
      const [prefix, realPrefix] = [join(directory, sep), join(real, sep)]
      for (const entry of readDirectory(directory)) {
        const file = prefix + entry.name
        if (isRevisionFileName(entry.name) && !leadsToDirectory(entry, file)) {
          const target = entry.isSymbolicLink() && existsSync(file) ? realpathSync(file) : realPrefix + entry.name
          if (!seen.has(target)) listed.push(describe(entry, file, location))
          seen.add(target)
        } else if (!/^(?:\.|node_modules$)/.test(entry.name) && leadsToDirectory(entry, file)) below.push(file)
      }
      if (recursiveVersionLocations) waiting.push(...below.reverse())
    }
  }
  return listed
}

/** Whether a file of this name in a version location is taken for a revision. */
export function isRevisionFileName(name: string): boolean {
  return /^[^.].*\.[cm]?[jt]s$/s.test(name) && !/\.d\.[cm]?ts$/.test(name)
}

function describe(entry: Dirent, file: string, location: VersionLocation): ListedFile {
  const { name } = entry
  const dot = name.lastIndexOf('.')
  return {
    file,
    stem: name.slice(0, dot),
    extension: name.slice(dot),
    location,
    isSpecial: isSpecial(entry, file),
  }
}

function isSpecial(entry: Dirent, path: string): boolean {
  if (entry.isFile()) return false
  try {
    return !statSync(path).isFile()
  } catch {
    // A link that leads nowhere: reading it tells what is wrong.
    return false
  }
}

function readDirectory(directory: string): Dirent[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new RevError('REV_FILE_UNREADABLE', { file: directory, reason }, { cause: error })
  }
}

function leadsToDirectory(entry: Dirent, path: string): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(path))
}
