import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Global setup: one folder for all temporary files of a run, of rev's own caches too, removed at the end. The projects of
 * a run share it: whichever comes first makes it and takes it away.
 */
export default function keepTemporaryFilesTogether(): (() => void) | undefined {
  if (process.env.REV_TEST_TMPDIR !== undefined) return undefined
  const before = process.env.TMPDIR
  const folder = mkdtempSync(join(tmpdir(), 'rev-run-'))
  // Servers that are started in here run as another user when this is root.
  chmodSync(folder, 0o1777)
  process.env.REV_TEST_TMPDIR = folder
  process.env.TMPDIR = folder
  return () => {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    delete process.env.REV_TEST_TMPDIR
    rmSync(folder, { recursive: true, force: true })
  }
}
