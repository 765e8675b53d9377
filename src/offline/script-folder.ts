import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryFolder } from '../script/temporary-folder.ts'

const folders = new Set<string>()

// A revision may end the process, and so does a second signal: then nothing that is awaited comes about any more.
function removeAtOnce(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/**
 * A folder of its own for what does not fit into memory while a script is put together. It is created with the first file
 * in it, and gone after `remove`, or with the process.
 */
export class ScriptFolder {
  #path: string | undefined

  /** The absolute path of a file in the folder, which is there from now on. Throws REV_FILE_WRITE_FAILED. */
  file(name: string): string {
    this.#path ??= create()
    return join(this.#path, name)
  }

  /** Removes it with everything in it. */
  async remove(): Promise<void> {
    const path = this.#path
    if (path === undefined) return
    this.#path = undefined
    await rm(path, { recursive: true, force: true })
    folders.delete(path)
    if (folders.size === 0) process.off('exit', removeAtOnce)
  }
}

function create(): string {
  const path = makeTemporaryFolder('rev-sql-')
  if (folders.size === 0) process.on('exit', removeAtOnce)
  folders.add(path)
  return path
}
