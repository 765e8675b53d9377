import {
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isRevError, RevError } from '../errors/index.ts'
import { followLinks } from './follow-links.ts'
import { whyNotForSql } from './not-for-sql.ts'
import { reasonOf, systemCode } from './reason.ts'

/** Files that come into being together: not one of them is there before `keep`. */
export interface SqlFiles {
  /** Adds to a file, which is begun when it is named first. A pipe or a device gets the text at once. */
  write(file: string, text: string): Promise<void>
  /** Puts everything into place, over what was there. */
  keep(): void
  /** Leaves no trace of what was written and not kept. */
  drop(): void
}

interface Part {
  readonly descriptor: number
  /** Where it is written to until it is kept, and where it belongs; undefined for what is written to in its place. */
  readonly move: { readonly from: string; readonly to: string } | undefined
}

/**
 * Writes finished SQL scripts. A link stays a link: what it points to is replaced. Every method throws
 * REV_FILE_WRITE_FAILED, also for a folder, for code and for an SQLite database that are there, and for a pipe that nobody reads from. `rest` is waited for whenever a pipe is
 * full, and gives up by throwing: what writes never blocks the process.
 */
export function openSqlFiles(rest: () => Promise<void>): SqlFiles {
  const parts = new Map<string, Part>()
  const open = new Set<number>()
  const close = (descriptor: number): void => {
    if (open.delete(descriptor)) closeSync(descriptor)
  }
  return {
    async write(file, text) {
      try {
        const part = parts.get(file) ?? openPart(file)
        parts.set(file, part)
        open.add(part.descriptor)
        await writeWhole(part.descriptor, Buffer.from(text, 'utf8'), rest)
      } catch (error) {
        throw failure(file, error)
      }
    },
    keep() {
      for (const [file, { descriptor }] of parts) attempt(file, () => close(descriptor))
      for (const [file, { move }] of parts) if (move) attempt(file, () => renameSync(move.from, move.to))
      parts.clear()
    },
    drop() {
      for (const [file, { descriptor, move }] of parts) {
        attempt(file, () => close(descriptor))
        if (move) rmSync(move.from, { force: true })
      }
      parts.clear()
    },
  }
}

/** Whether what is written there goes into a pipe, a device or an open file, beside which there is no place for another. */
export function isWrittenInPlace(file: string): boolean {
  try {
    const found = statSync(file)
    return !found.isDirectory() && !(found.isFile() && !followLinks(file).isOpenFile)
  } catch {
    // Writing it will tell what is wrong.
    return false
  }
}

async function writeWhole(descriptor: number, bytes: Buffer, rest: () => Promise<void>): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error
      await rest()
    }
  }
}

// Opened so that neither opening nor writing waits; nothing is created, should it be gone by now.
const IN_PLACE = constants.O_WRONLY | constants.O_NONBLOCK

function openPart(file: string): Part {
  const found = statSync(file, { throwIfNoEntry: false })
  // A device or a pipe cannot be put into place.
  if (found !== undefined && !found.isFile()) {
    if (found.isDirectory()) throw refusal(file, 'it is a folder')
    if (found.isBlockDevice()) throw refusal(file, 'it is a disk')
    if (found.isSocket()) throw refusal(file, 'it is a socket, which only a program can connect to')
    return { descriptor: openPipe(file), move: undefined }
  }
  const { path, isOpenFile } = followLinks(file)
  // /dev/fd/3 and the like: the file is whoever's who opened it, and goes on after what is in it.
  if (isOpenFile) return { descriptor: openSync(path, IN_PLACE | constants.O_APPEND), move: undefined }
  const reason = found === undefined ? undefined : whyNotForSql(path)
  if (reason !== undefined) throw refusal(file, reason)
  makeFolder(dirname(path))
  const from = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  return { descriptor: openAs(from, found?.mode), move: { from, to: path } }
}

// A script may hold what is not for everybody, so it is for whom the file was that it replaces.
function openAs(file: string, mode: number | undefined): number {
  if (mode === undefined) return openSync(file, 'w')
  const descriptor = openSync(file, 'w', 0o600)
  fchmodSync(descriptor, mode & 0o777)
  return descriptor
}

// Not by `recursive`: Node tries for ever where a parent is there and nothing can be made in it, as below /proc.
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else has made it meanwhile.
    if (systemCode(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error
  }
}

function openPipe(file: string): number {
  try {
    return openSync(file, IN_PLACE)
  } catch (error) {
    if (systemCode(error) === 'ENXIO') throw refusal(file, 'nobody reads from this pipe; start the reader first')
    throw error
  }
}

const refusal = (file: string, reason: string): RevError => new RevError('REV_FILE_WRITE_FAILED', { file, reason })

function failure(file: string, cause: unknown): unknown {
  if (isRevError(cause)) return cause
  return new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
}

function attempt(file: string, action: () => void): void {
  try {
    action()
  } catch (error) {
    throw failure(file, error)
  }
}

/** The SQL files of a folder, by name; none where there is no folder. Throws REV_FILE_WRITE_FAILED for what is none. */
export function listSqlFiles(folder: string): string[] {
  let names: string[] = []
  attempt(folder, () => {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found?.isDirectory() === false)
      throw refusal(folder, 'it is no folder, and each revision gets a file of its own')
    names = found === undefined ? [] : readdirSync(folder)
  })
  return names.filter((name) => /\.sql$/i.test(name)).sort()
}
