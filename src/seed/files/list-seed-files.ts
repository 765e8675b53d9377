import { readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { RevError } from '../../errors/index.ts'
import { isDirectory } from '../../script/is-directory.ts'
import { reasonOf } from '../../script/reason.ts'
import { naturalOrder } from '../graph/natural-order.ts'

/** A file that may hold a seed. */
export interface ListedSeedFile {
  /** Absolute. */
  readonly file: string
  /** The name without its extension. */
  readonly stem: string
  /** With its dot. */
  readonly extension: string
  readonly kind: 'code' | 'sql' | 'csv' | 'json'
}

/**
 * The files of all seed locations: locations as configured, files in natural order. Hidden files, `.d.ts`, folders and
 * other extensions are not listed. Throws REV_SEED_LOCATION_MISSING for all that are missing, REV_FILE_UNREADABLE.
 */
export function listSeedFiles(locations: readonly string[]): ListedSeedFile[] {
  const missing = locations.filter((path) => !isDirectory(path))
  if (missing.length > 0) throw new RevError('REV_SEED_LOCATION_MISSING', { directories: missing })
  return locations.flatMap((location) =>
    namesIn(location)
      .sort(naturalOrder)
      .flatMap((name) => listed(join(location, name))),
  )
}

function namesIn(location: string): string[] {
  try {
    const entries = readdirSync(location, { withFileTypes: true })
    return entries.flatMap((entry) =>
      entry.isFile() || (entry.isSymbolicLink() && !isDirectory(join(location, entry.name))) ? entry.name : [],
    )
  } catch (cause) {
    throw new RevError('REV_FILE_UNREADABLE', { file: location, reason: reasonOf(cause) }, { cause })
  }
}

function listed(file: string): ListedSeedFile[] {
  const name = basename(file)
  const extension = extname(name)
  const kind = kindOf(name)
  return kind === undefined ? [] : [{ file, stem: basename(file, extension), extension, kind }]
}

function kindOf(name: string): ListedSeedFile['kind'] | undefined {
  if (name.startsWith('.') || /\.d\.[cm]?ts$/.test(name)) return undefined
  if (/\.[cm]?[jt]s$/.test(name)) return 'code'
  const [, extension] = /\.(sql|csv|json)$/.exec(name) ?? []
  return extension as 'sql' | 'csv' | 'json' | undefined
}
