import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'

/** Files that come into being together: not one of them is there before `keep`. */
export interface SqlFiles {
  /** Adds to a file, which is begun when it is named first. */
  write(file: string, text: string): void
  /** Puts everything into place, over what was there. */
  keep(): void
  /** Leaves no trace of what was written and not kept. */
  drop(): void
}

interface Part {
  readonly descriptor: number
  /** Where it is written to until it is kept; the file itself for something like /dev/stdout. */
  readonly path: string
}

/** Writes finished SQL scripts. Every method throws REV_FILE_WRITE_FAILED. */
export function openSqlFiles(): SqlFiles {
  const parts = new Map<string, Part>()
  const close = (): void => {
    for (const { descriptor } of parts.values()) closeSync(descriptor)
  }
  return {
    write(file, text) {
      attempt(file, () => {
        const part = parts.get(file) ?? openPart(file)
        parts.set(file, part)
        const bytes = Buffer.from(text, 'utf8')
        for (let at = 0; at < bytes.length; ) at += writeSync(part.descriptor, bytes, at)
      })
    },
    keep() {
      close()
      for (const [file, { path }] of parts) if (path !== file) attempt(file, () => renameSync(path, file))
      parts.clear()
    },
    drop() {
      close()
      for (const [file, { path }] of parts) if (path !== file) rmSync(path, { force: true })
      parts.clear()
    },
  }
}

function openPart(file: string): Part {
  const found = statSync(file, { throwIfNoEntry: false })
  // A device or a pipe cannot be put into place.
  if (found !== undefined && !found.isFile()) return { descriptor: openSync(file, 'w'), path: file }
  mkdirSync(dirname(file), { recursive: true })
  const path = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  return { descriptor: openSync(path, 'w'), path }
}

function attempt(file: string, action: () => void): void {
  try {
    action()
  } catch (cause) {
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}

/** The SQL files of a folder, by name; none where there is no folder. Throws REV_FILE_WRITE_FAILED for what is none. */
export function listSqlFiles(folder: string): string[] {
  let names: string[] = []
  attempt(folder, () => {
    names = statSync(folder, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(folder)
  })
  return names.filter((name) => /\.sql$/i.test(name)).sort()
}
