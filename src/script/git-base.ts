import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, extname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { isRevError, RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import type { RevSettings } from '../settings.ts'
import { askGit } from './git.ts'
import { isRevisionFileName, type ListedFile } from './list-revision-files.ts'
import { applyLocationLabels } from './location-labels.ts'
import { createModuleLoader, type ModuleLoader } from './module-loader.ts'
import { type ReadFile, readRevisionText } from './read-revision-file.ts'
import { settleFiles } from './twins.ts'

export interface ReadRevisionsAtOptions {
  /** A branch, a tag, a commit: whatever git understands. */
  readonly ref: string
  readonly settings: Pick<RevSettings, 'versionLocations' | 'recursiveVersionLocations'>
  /** The project's folder. */
  readonly directory: string
}

/** The revisions that a git reference holds. */
export interface RevisionsAt {
  /** What the reference stands for. */
  readonly commit: string
  /** Where this branch left it; undefined when the two have no common history. */
  readonly mergeBase: string | undefined
  /** In load order, with paths as if they lay here. */
  readonly headers: readonly RevisionHeader[]
}

/**
 * Reads the revision files of the version locations as they are at a git reference, without checking anything out.
 * A location that is not there yet at the reference, or that lies outside of the repository, has no revisions. Throws
 * REV_CHECK_* errors.
 */
export async function readRevisionsAt({ ref, settings, directory }: ReadRevisionsAtOptions): Promise<RevisionsAt> {
  const top = await findTop(directory)
  const commit = await findCommit(top, ref)
  const mergeBase = await findMergeBase(top, ref, commit)
  const listed = await listFiles(top, commit, settings)
  const texts = await readTexts(top, listed)
  const read = listed.map(({ file }, at) => readRevisionText(file, texts[at] ?? ''))
  const textOf = new Map(listed.map(({ file }, at) => [file.file, texts[at] ?? '']))
  const { files, unusable } = await settleFiles(read, loaderOfUnchanged(directory, ref, textOf))
  const [fault] = unusable
  if (fault) throw unreadable(ref, fault)
  const { headers, errors } = applyLocationLabels(files)
  if (errors[0]) throw errors[0]
  return { commit, mergeBase, headers }
}

async function findTop(directory: string): Promise<string> {
  const { ok, output, complaint } = await askGit(directory, ['rev-parse', '--show-toplevel'])
  if (ok) return resolve(output.replace(/\r?\n$/, ''))
  const reason = complaint.replace(/^fatal: /, '').replace(/\.$/, '') || 'it gave no reason'
  throw new RevError('REV_CHECK_NOT_A_REPOSITORY', { directory, reason })
}

async function findCommit(top: string, ref: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  // A name that begins with a dash is no reference in git, and must not become an option.
  const { ok, output } = ref.startsWith('-') || ref.includes('\0') ? NO_ANSWER : await askGit(top, args)
  if (!ok) throw new RevError('REV_CHECK_UNKNOWN_REF', { ref, shallow: await isShallow(top) })
  return output.trim()
}

const NO_ANSWER = { ok: false, output: '' }

async function findMergeBase(top: string, ref: string, commit: string): Promise<string | undefined> {
  const { ok, output } = await askGit(top, ['merge-base', commit, 'HEAD'])
  if (ok) return output.trim()
  if (await isShallow(top)) throw new RevError('REV_CHECK_HISTORY_MISSING', { ref })
  return undefined
}

async function isShallow(top: string): Promise<boolean> {
  return (await askGit(top, ['rev-parse', '--is-shallow-repository'])).output.trim() === 'true'
}

interface FileAtCommit {
  readonly file: ListedFile
  /** git's name of its content. */
  readonly object: string
}

async function listFiles(
  top: string,
  commit: string,
  { versionLocations, recursiveVersionLocations }: ReadRevisionsAtOptions['settings'],
): Promise<FileAtCommit[]> {
  const found = new Map<string, FileAtCommit>()
  const folders = versionLocations.map((location) => ({ location, folder: pathInside(top, location.path) }))
  for (const { location, folder } of folders) {
    if (folder === undefined) continue
    const inFolder = folder === '' ? '' : `${folder}/`
    const tree = folder === '' ? commit : `${commit}:${folder}`
    const { ok, output } = await askGit(top, ['ls-tree', '-r', '-z', '--full-tree', tree])
    if (!ok) continue
    for (const line of output.split('\0')) {
      // Links and submodules are no files here.
      const [, object, name] = /^100\d+ blob (\w+)\t([\s\S]+)$/.exec(line) ?? []
      if (object === undefined || name === undefined) continue
      const path = `${inFolder}${name}`
      const parents = name.split('/').slice(0, -1)
      const isBelow = parents.length > 0 && (!recursiveVersionLocations || parents.some(isIgnoredFolder))
      // A location within another is read as that one only.
      const isOthers = folders.some(
        ({ folder: other }) => other && other !== folder && other.startsWith(inFolder) && path.startsWith(`${other}/`),
      )
      if (isBelow || isOthers || found.has(path) || !isRevisionFileName(basename(name))) continue
      const file = join(location.path, ...name.split('/'))
      const extension = extname(file)
      found.set(path, {
        object,
        file: { file, stem: basename(file, extension), extension, location, isSpecial: false },
      })
    }
  }
  return [...found.values()]
}

function isIgnoredFolder(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules'
}

// git gives the real path of its top, so a location behind a link has to be made real, too. It may be gone by now.
function pathInside(top: string, path: string): string | undefined {
  const inside = relative(realpathSync(top), existsSync(path) ? realpathSync(path) : path)
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? undefined
    : inside.split(sep).join('/')
}

/** All texts by one process, however many there are. */
async function readTexts(top: string, files: readonly FileAtCommit[]): Promise<string[]> {
  if (files.length === 0) return []
  const { bytes } = await askGit(top, ['cat-file', '--batch'], files.map(({ object }) => `${object}\n`).join(''))
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    // Each answer: a line that ends with the size, the content, a line end.
    const lineEnd = bytes.indexOf('\n', at)
    const size = Number(bytes.toString('utf8', at, lineEnd).split(' ')[2])
    texts.push(bytes.toString('utf8', lineEnd + 1, lineEnd + 1 + size))
    at = lineEnd + 1 + size + 1
  }
  return texts
}

// Only a file that is the same here can be run to learn its header; what it imports may be another by now, though.
function loaderOfUnchanged(directory: string, ref: string, textOf: ReadonlyMap<string, string>): ModuleLoader {
  const loader = createModuleLoader({ directory })
  return {
    async load(file) {
      if (existsSync(file) && readFileSync(file, 'utf8') === textOf.get(file)) return loader.load(file)
      const reason = 'its header is not literal, and the file here is another one'
      throw new RevError('REV_CHECK_UNREADABLE_AT_REF', { ref, file, reason })
    },
  }
}

function unreadable(ref: string, { file, error }: { file: ReadFile; error: RevError }): RevError {
  if (isRevError(error, 'REV_CHECK_UNREADABLE_AT_REF')) return error
  const reason = error.message.replace(/\.$/, '')
  return new RevError('REV_CHECK_UNREADABLE_AT_REF', { ref, file: file.file, reason }, { cause: error })
}
