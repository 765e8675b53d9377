import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

// A revision may end the process, and so does a second signal: then nothing that is awaited comes about any more.
function removeAtOnce(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/** A folder of its own for a script that is being put together; gone after `removeScriptFolder`, or with the process. */
export async function makeScriptFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rev-sql-'))
  if (folders.size === 0) process.on('exit', removeAtOnce)
  folders.add(folder)
  return folder
}

/** Removes it with everything in it. */
export async function removeScriptFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  folders.delete(folder)
  if (folders.size === 0) process.off('exit', removeAtOnce)
}
