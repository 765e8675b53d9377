import { entry } from './define.ts'

/** Revision files and templates on disk. */
export const fileErrors = {
  REV_FILE_LOAD_FAILED: entry<{ file: string; revision?: string; reason: string }>({
    exit: 1,
    message: ({ file, reason }) => `${file} could not be loaded: ${reason}`,
  }),
}
