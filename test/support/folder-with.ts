import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isRevError, type RevError } from '../../src/errors/index.ts'
import { tempDirectory } from './temp-project.ts'

/** A folder of its own with these files in it, by their path; gone when the test ends. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = tempDirectory()
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}

/** The RevError that an action throws or rejects with; any other error passes, and none at all is one. */
export async function failureOf(action: () => unknown): Promise<RevError> {
  try {
    await action()
  } catch (error) {
    if (isRevError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}
