import { isRevError, type RevError } from '../errors/index.ts'
import type { ModuleLoader } from './module-loader.ts'
import { type ReadFile, type RevisionFile, toRevisionFile } from './read-revision-file.ts'
import { findHeaderDifferences } from './revision-exports.ts'

// The rule for twins: files of one name whose extensions differ and which are the same revision, such as a source and
// what was compiled from it. The source is used, that is the first in this order; the others are named and not loaded.
const PREFERENCE = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** Something that the user should hear and that is not an error. */
export interface Notice {
  readonly code: string
  readonly message: string
}

type Result = RevisionFile | RevError

export interface SettledFiles {
  /** One file for each revision, unless two files claim the same id; in load order. */
  readonly files: readonly RevisionFile[]
  /** The files that cannot be used, and why; in load order. */
  readonly unusable: readonly { readonly file: ReadFile; readonly error: RevError }[]
  readonly notices: readonly Notice[]
}

/** Checks all files, running those whose text leaves the header open, and settles twins. */
export async function settleFiles(read: readonly ReadFile[], loader: ModuleLoader): Promise<SettledFiles> {
  const settled = new Map<ReadFile, Result>()
  const notices: Notice[] = []
  for (const group of groupByStem(read)) {
    const used: ReadFile[] = []
    for (const file of group) {
      const twin = used.find((other) => isTwin(file, other, settled.get(other)))
      if (twin !== undefined) notices.push(twinNotice(file, twin, settled.get(twin)))
      else {
        used.push(file)
        settled.set(file, await toRevisionFile(file, loader).catch(onlyRevError))
      }
    }
  }
  const files: RevisionFile[] = []
  const unusable: { file: ReadFile; error: RevError }[] = []
  for (const file of read) {
    const result = settled.get(file)
    if (isRevError(result)) unusable.push({ file, error: result })
    else if (result !== undefined) files.push(result)
  }
  return { files, unusable, notices }
}

function groupByStem(read: readonly ReadFile[]): ReadFile[][] {
  const groups = new Map<string, ReadFile[]>()
  for (const file of read) {
    const group = groups.get(file.stem)
    if (group === undefined) groups.set(file.stem, [file])
    else group.push(file)
  }
  const rank = ({ extension }: ReadFile) => PREFERENCE.indexOf(extension)
  return [...groups.values()].map((group) => group.sort((a, b) => rank(a) - rank(b)))
}

// A file whose header only running it would tell is taken for a twin by its name: both are never run.
function isTwin(file: ReadFile, other: ReadFile, result: Result | undefined): boolean {
  if (result === undefined || file.extension === other.extension) return false
  if (file.scanned === undefined) return true
  return !isRevError(result) && result.header.revision === file.scanned.revision
}

function twinNotice(ignored: ReadFile, used: ReadFile, result: Result | undefined): Notice {
  const id = result === undefined || isRevError(result) ? used.stem : result.header.revision
  const differences =
    ignored.scanned === undefined || result === undefined || isRevError(result)
      ? []
      : findHeaderDifferences(result.exports, ignored.scanned)
  const stale = differences.length === 0 ? '' : `, and it is out of date: ${differences.join(', ')}`
  return {
    code: 'REV_NOTICE_TWIN',
    message: `revision "${id}" is there twice: ${used.file} is used, ${ignored.file} is not${stale}`,
  }
}

function onlyRevError(error: unknown): RevError {
  if (isRevError(error)) return error
  throw error
}
