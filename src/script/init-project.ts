import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { file as findUp } from 'empathic/find'
import { RevError } from '../errors/index.ts'
import { findKnexfile } from './knexfile.ts'
import { addPackageScripts } from './package-scripts.ts'
import { defaultTemplate, detectProjectKind } from './project-kind.ts'
import { reasonOf } from './reason.ts'
import { renderTemplate } from './template.ts'
import { findTemplate } from './template-list.ts'

export interface InitProjectOptions {
  /** The folder that `directory` is relative to. */
  readonly cwd: string
  /** Where the project is. Default `cwd`; made when missing. */
  readonly directory?: string | undefined
  /** Default: by the kind of project. */
  readonly template?: string | undefined
  /** Add the scripts to package.json. Default false: only say which. */
  readonly scripts?: boolean | undefined
}

/** What was done, and what is left to do by hand. Paths are absolute. */
export interface InitReport {
  readonly directory: string
  /** The project's knexfile, written now or found. */
  readonly knexfile: string
  /** Whether the knexfile was there already; then it is as it was. */
  readonly existing: boolean
  /** What was written, in this order. */
  readonly created: readonly string[]
  /** Scripts that package.json lacks, by name; empty when they were written or there is no package.json. */
  readonly scriptsToAdd: Readonly<Record<string, string>>
  /** What may be put into each environment of an existing knexfile; empty for a new one, or when it is there. */
  readonly settingsToAdd: string
}

const VERSIONS = 'versions'

/**
 * Prepares a folder for rev: a knexfile when neither it nor a folder above it within the same package has one, and a
 * folder for revisions. Overwrites nothing, so that a second time does nothing. Throws REV_FILE_* errors.
 */
export async function initProject(options: InitProjectOptions): Promise<InitReport> {
  const start = resolve(options.cwd, options.directory ?? '.')
  const found = existsSync(start) ? findProjectKnexfile(start) : undefined
  const directory = found === undefined ? start : dirname(found)
  const created: string[] = []
  const knexfile = found ?? (await writeKnexfile(directory, options.template, created))
  // One that says where its revisions are has been through this before.
  const isConfigured = found !== undefined && readFileSync(found, 'utf8').includes('versionLocations')
  if (!isConfigured) makeVersions(directory, created)
  const packageFile = findUp('package.json', { cwd: directory })
  const { missing, written } =
    packageFile === undefined ? NO_SCRIPTS : addPackageScripts(packageFile, options.scripts ?? false)
  if (written && packageFile !== undefined) created.push(packageFile)
  return {
    directory,
    knexfile,
    existing: found !== undefined,
    created,
    scriptsToAdd: written ? {} : missing,
    settingsToAdd: found === undefined || isConfigured ? '' : `rev: { versionLocations: '${VERSIONS}' }`,
  }
}

const NO_SCRIPTS = { missing: {}, written: false }

// A knexfile above the package belongs to another project, as in a folder of many.
function findProjectKnexfile(start: string): string | undefined {
  const knexfile = findKnexfile({ cwd: start })
  const packageFile = findUp('package.json', { cwd: start })
  if (knexfile === undefined || dirname(knexfile) === start) return knexfile
  const isWithin = packageFile !== undefined && dirname(knexfile).length >= dirname(packageFile).length
  return isWithin ? knexfile : undefined
}

async function writeKnexfile(directory: string, template: string | undefined, created: string[]): Promise<string> {
  const before = detectProjectKind(directory)
  const name = template ?? defaultTemplate(before)
  const { file, extension } = findTemplate(name, 'knexfile', { templatesDirectory: undefined }, before)
  // A knexfile in TypeScript already says which template is wanted.
  const isTypeScript = /^\.[cm]?ts$/.test(extension)
  const isDefault = name === defaultTemplate({ ...before, ...(isTypeScript ? { language: 'typescript' } : {}) })
  const text = await renderTemplate(file, { template: isDefault ? null : name })
  const knexfile = join(directory, `knexfile${extension}`)
  writeNew(knexfile, text)
  created.push(knexfile)
  return knexfile
}

function makeVersions(directory: string, created: string[]): void {
  const versions = join(directory, VERSIONS)
  if (existsSync(versions)) return
  // git keeps no empty folders, and without the folder a fresh clone would not be the same project.
  writeNew(join(versions, '.gitkeep'), '')
  created.push(versions)
}

function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text, { flag: 'wx' })
  } catch (cause) {
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(cause) }, { cause })
  }
}
