import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'

/** Creates a folder that only its owner can look into, below the one for temporary files. Throws REV_FILE_WRITE_FAILED. */
export function makeTemporaryFolder(prefix: string): string {
  const within = tmpdir()
  try {
    return mkdtempSync(join(within, prefix))
  } catch (error) {
    throw unwritable(within, error)
  }
}

/** The error for a file or folder among the temporary ones: REV_FILE_WRITE_FAILED. */
export function unwritable(file: string, cause: unknown): RevError {
  const reason = `${reasonOf(cause)}; set TMPDIR to a folder that can be written`
  return new RevError('REV_FILE_WRITE_FAILED', { file, reason }, { cause })
}
