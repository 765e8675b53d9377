import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

/** Where a path leads to in the end. */
export interface LinkEnd {
  /** The path that is no link any more; nothing need be there yet. */
  readonly path: string
  /** Whether it is a file that a process has open, by the number of its descriptor. */
  readonly isOpenFile: boolean
}

// As many as Linux follows; more are a circle.
const MOST_LINKS = 40
const DESCRIPTORS = /^(?:\/proc\/[^/]+(?:\/task\/[^/]+)?|\/dev)\/fd$/

/**
 * Follows a path from link to link, also to what is not there yet. What stands among the descriptors of a process is not
 * followed further: the name behind it may be gone, or be that of another file by now. Throws for a circle.
 */
export function followLinks(file: string): LinkEnd {
  let path = file
  for (let links = 0; links <= MOST_LINKS; links++) {
    if (!existsSync(dirname(path))) return { path, isOpenFile: false }
    // Where the link really is, a relative one starts.
    const folder = realpathSync(dirname(path))
    if (DESCRIPTORS.test(folder)) return { path, isOpenFile: true }
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return { path, isOpenFile: false }
    const next = readlinkSync(path)
    // Not made plain: `..` after a linked folder is the folder above the one that it points to.
    path = isAbsolute(next) ? next : `${join(folder, '/')}${next}`
  }
  throw Object.assign(new Error('too many links follow each other'), { code: 'ELOOP' })
}
