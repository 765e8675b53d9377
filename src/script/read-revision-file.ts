import { readFileSync } from 'node:fs'
import { RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import { type LeadingComment, readLeadingComment } from './leading-comment.ts'
import type { ListedFile } from './list-revision-files.ts'
import { notARevision } from './load-revision-module.ts'
import type { ModuleLoader } from './module-loader.ts'
import { textChecksum, toRecordedChecksum } from './recorded-checksum.ts'
import { findHeaderFaults, toHeader } from './revision-exports.ts'
import { scanRevisionHeader } from './revision-header.ts'

// A longer one is read again.
const LONGEST_KEPT = 20_000

/** A file whose text has been read, but not run. */
export interface ReadFile extends ListedFile {
  readonly comment: LeadingComment
  /** The header, and the names of other exports without their values; undefined when only running the file can tell. */
  readonly scanned: Readonly<Record<string, unknown>> | undefined
  /** As it was read; undefined for a long one. */
  readonly text?: string
}

/** A file that is a revision for certain. */
export interface RevisionFile extends ReadFile {
  readonly header: RevisionHeader
  /** The exports that the header was made of. */
  readonly exports: Readonly<Record<string, unknown>>
}

/** Reads the text of a file, and its header as far as the text tells it. Throws REV_FILE_UNREADABLE. */
export function readRevisionFile(listed: ListedFile): ReadFile {
  if (listed.isSpecial) throw new RevError('REV_FILE_UNREADABLE', { file: listed.file, reason: 'it is not a file.' })
  const text = readText(listed.file)
  return { ...readRevisionText(listed, text), ...(text.length <= LONGEST_KEPT ? { text } : {}) }
}

/** The same for a text that does not come from the disk. */
export function readRevisionText(listed: ListedFile, text: string): ReadFile {
  const found = scanRevisionHeader(text)
  const unknown = [...(found?.names ?? [])].map((name) => [name, undefined])
  const scanned = found && Object.fromEntries([...unknown, ...found.values])
  return { ...listed, comment: readLeadingComment(text), scanned }
}

/** Checks the header, running the file when its text leaves it open. Throws REV_FILE_* errors. */
export async function toRevisionFile(read: ReadFile, loader: ModuleLoader): Promise<RevisionFile> {
  const exports = read.scanned ?? (await loader.load(read.file))
  const { file, comment } = read
  if (!('revision' in exports)) throw notARevision(new Set(Object.keys(exports)), file)
  const problems = findHeaderFaults(exports)
  if (problems.length > 0) {
    const id = typeof exports.revision === 'string' ? { revision: exports.revision } : {}
    throw new RevError('REV_FILE_INVALID_EXPORTS', { file, ...id, problems })
  }
  return { ...read, exports, header: toHeader(exports, { message: comment.message, file }) }
}

/** The checksum of a file as it is now. */
export function currentChecksum({ file }: ReadFile): string {
  return textChecksum(readText(file))
}

/** What is kept of a file when it is run: its checksums, as it was read, and its extension. */
export function recordedChecksum({ file, extension, text = readText(file) }: ReadFile): string {
  return toRecordedChecksum(text, extension)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new RevError('REV_FILE_UNREADABLE', { file, reason }, { cause: error })
  }
}
