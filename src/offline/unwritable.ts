import { RevError } from '../errors/index.ts'
import { reasonOf } from '../script/reason.ts'

/** Why a long script cannot be put together: REV_FILE_WRITE_FAILED of a file or folder among the temporary ones. */
export function unwritable(file: string, cause: unknown): RevError {
  const reason = `${reasonOf(cause)}; a long script is put together there, and TMPDIR names another folder`
  return new RevError('REV_FILE_WRITE_FAILED', { file, reason }, { cause })
}
