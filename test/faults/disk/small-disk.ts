import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, in memory, that can be made full. */
export interface SmallDisk {
  readonly path: string
  /** Takes all of the space but this many bytes; what was taken before is given back first. */
  leave(bytes: number): void
  /** Gives all of the space back. */
  clear(): void
  remove(): void
}

/** Resolves to the reason when none can be made here: it takes Linux, and the right to mount. */
export function mountSmallDisk(megabytes: number): SmallDisk | { readonly missing: string } {
  if (process.platform !== 'linux') return { missing: 'a file system that is full takes Linux here' }
  const path = mkdtempSync(join(tmpdir(), 'rev-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', path], { stdio: 'pipe' })
  } catch (error) {
    rmSync(path, { recursive: true })
    return { missing: `no file system can be mounted here: ${error instanceof Error ? error.message : String(error)}` }
  }
  chmodSync(path, 0o1777)
  const filler = join(path, 'filler')
  const clear = (): void => rmSync(filler, { force: true })
  return {
    path,
    leave(bytes) {
      clear()
      const { bavail, bsize } = statfsSync(path)
      fill(filler, Math.max(0, bavail * bsize - bytes))
    },
    clear,
    remove() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}

function fill(file: string, bytes: number): void {
  const block = Buffer.alloc(1024 * 1024)
  const handle = openSync(file, 'w')
  try {
    for (let left = bytes; left > 0; ) left -= writeSync(handle, block, 0, Math.min(left, block.length))
  } finally {
    closeSync(handle)
  }
}
