import { existsSync, readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { RevError } from '../errors/index.ts'
import type { RevSettings, VersionLocation } from '../settings.ts'
import { toCreateDate } from './create-date.ts'
import { toFileName } from './file-name.ts'
import { defaultTemplate, detectProjectKind } from './project-kind.ts'
import { reasonOf, systemCode } from './reason.ts'
import { type HeaderName, scanRevisionHeader } from './revision-header.ts'
import { isCommentSafe } from './source-text.ts'
import { type RevisionTemplateData, renderTemplate } from './template.ts'
import { findTemplate } from './template-list.ts'

/** A revision that is to become a file. */
export interface NewRevision {
  readonly settings: RevSettings
  /** The project's folder. */
  readonly directory: string
  /** One of the version locations; its folder has to exist. */
  readonly location: VersionLocation
  /** Default: the setting, else by the kind of project. */
  readonly template?: string | undefined
  readonly revision: string
  /** The first line is the message, what follows the description; may be empty. */
  readonly message: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly now: Date
}

/**
 * Writes a new revision file from a template and gives its absolute path. Nothing is ever overwritten, and nothing is
 * written when the template does not carry over what was asked for. Throws REV_FILE_* errors.
 */
export async function writeRevision(revision: NewRevision): Promise<{ readonly file: string }> {
  const { settings, directory, location } = revision
  const kind = detectProjectKind(directory, location.path)
  const name = revision.template ?? settings.template ?? defaultTemplate(kind)
  const template = findTemplate(name, 'revision', settings, kind)
  const text = await renderTemplate(template.file, templateData(revision))
  assertCarriedOver(template.file, text, revision)
  const file = freeFile(revision, template.extension)
  try {
    // `wx` fails for whatever is there already, a link that leads nowhere included.
    await writeFile(file, text, { flag: 'wx' })
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') throw new RevError('REV_FILE_ALREADY_EXISTS', { file }, { cause })
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
  return { file }
}

function templateData(revision: NewRevision): RevisionTemplateData {
  const { downRevisions, branchLabels, dependsOn, settings, now } = revision
  const [message = '', ...further] = revision.message.split(/\r\n|\r|\n/)
  return {
    revision: revision.revision,
    down_revision: downRevisions.length > 1 ? downRevisions : (downRevisions[0] ?? null),
    branch_labels: branchLabels.length > 0 ? branchLabels : null,
    depends_on: dependsOn.length > 0 ? dependsOn : null,
    message,
    description: further.join('\n').trim(),
    export_message: !isCommentSafe(message),
    revises: downRevisions.join(', ') || 'base',
    create_date: toCreateDate(now, settings.timezone),
    is_merge: downRevisions.length > 1,
  }
}

// A template of the project's own may forget an export, and then the graph would silently be another one. Where only
// running the file could tell, it is believed.
function assertCarriedOver(file: string, text: string, revision: NewRevision): void {
  const scanned = scanRevisionHeader(text)
  if (scanned === undefined) return
  const asked: [HeaderName, readonly string[]][] = [
    ['revision', [revision.revision]],
    ['down_revision', revision.downRevisions],
    ['branch_labels', revision.branchLabels],
    ['depends_on', revision.dependsOn],
  ]
  for (const [name, expected] of asked) {
    const found = [scanned.values.get(name) ?? []].flat().map(String)
    if (found.length === expected.length && found.every((value, at) => value === expected[at])) continue
    throw new RevError('REV_FILE_TEMPLATE_MISMATCH', { file, name, expected, found })
  }
}

function freeFile(revision: NewRevision, extension: string): string {
  const { settings, location } = revision
  const folder = location.path
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new RevError('REV_FILE_LOCATION_MISSING', { directories: [folder] })
  }
  const name = toFileName({ ...revision, ...settings, extension })
  // Two names that differ in case, or only in the extension, are one file on some systems or after compiling.
  const stem = name.slice(0, -extension.length).toLowerCase()
  const taken = readdirSync(folder).find((other) => {
    const otherExtension = extname(other)
    return /^\.[cm]?[jt]s$/.test(otherExtension) && other.slice(0, -otherExtension.length).toLowerCase() === stem
  })
  if (taken !== undefined) throw new RevError('REV_FILE_ALREADY_EXISTS', { file: join(folder, taken) })
  return join(folder, name)
}
