import { writeFileSync } from 'node:fs'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'

/** Writes a finished SQL script, over a file that is there already. Throws REV_FILE_WRITE_FAILED. */
export function writeSqlFile(file: string, script: string): void {
  try {
    writeFileSync(file, script)
  } catch (cause) {
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}
