import { readFileSync, statSync } from 'node:fs'
import { RevError } from '../errors/index.ts'
import { followLinks } from './follow-links.ts'
import { reasonOf } from './reason.ts'

/**
 * Whether a file says exactly this. Only a file with a name of its own is read: a pipe would wait for a writer, a device may
 * never end, and what is written to an open file comes behind the rest of it.
 * Throws REV_FILE_WRITE_FAILED for one that may not be read.
 */
export function fileSays(file: string, text: string): boolean {
  try {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined || !found.isFile() || found.size !== Buffer.byteLength(text)) return false
    if (followLinks(file).isOpenFile) return false
    return readFileSync(file, 'utf8') === text
  } catch (cause) {
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}
