import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { dir as findDirectory, file as findUp } from 'empathic/find'
import { RevError } from '../errors/index.ts'
import { findKnexfile } from './knexfile.ts'
import { addPackageScripts } from './package-scripts.ts'
import { defaultTemplate, detectProjectKind, readPackage } from './project-kind.ts'
import { reasonOf } from './reason.ts'
import { toLiteral } from './source-text.ts'
import { renderTemplate } from './template.ts'
import { findTemplate } from './template-list.ts'

export interface InitProjectOptions {
  /** The folder that `directory` is relative to. */
  readonly cwd: string
  /** Where the project is. Default `cwd`; made when missing. */
  readonly directory?: string | undefined
  /** Default: by the kind of project. */
  readonly template?: string | undefined
  /** Add the scripts to package.json; a function is asked when some are missing. Default false: only say which. */
  readonly scripts?: boolean | ((missing: readonly string[]) => Promise<boolean>) | undefined
}

/** What was done, and what is left to do by hand. Paths are absolute. */
export interface InitReport {
  readonly directory: string
  /** The project's knexfile, written now or found. */
  readonly knexfile: string
  /** What was written, in this order. */
  readonly created: readonly string[]
  /** What was there already and is as it was. */
  readonly kept: readonly string[]
  /** Scripts that package.json lacks, by name; empty when they were written or there is no package.json. */
  readonly scriptsToAdd: Readonly<Record<string, string>>
  /** What may be put into each environment of a knexfile that was there; empty when there is nothing to add. */
  readonly settingsToAdd: string
  /** Packages that the new project cannot be run without and that are not installed. */
  readonly packagesToInstall: readonly string[]
  /** The same as sentences, in the order in which to do it. */
  readonly todo: readonly string[]
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
  const kept = found === undefined ? [] : [found]
  const knexfile = found ?? (await writeKnexfile(directory, options.template, created))
  // One that says where its revisions are has been through this before.
  const isConfigured = found !== undefined && readFileSync(found, 'utf8').includes('versionLocations')
  if (!isConfigured) makeVersions(directory, created, kept)
  const packageFile = findUp('package.json', { cwd: directory })
  const scripts = packageFile === undefined ? NO_SCRIPTS : await offerScripts(packageFile, options.scripts ?? false)
  if (scripts.written && packageFile !== undefined) created.push(packageFile)
  const left = {
    packagesToInstall: found === undefined ? missingPackages(directory) : [],
    scriptsToAdd: scripts.written ? {} : scripts.missing,
    settingsToAdd: found === undefined || isConfigured ? '' : `rev: { versionLocations: '${VERSIONS}' }`,
  }
  return { directory, knexfile, created, kept, ...left, todo: describeTodo(left, knexfile, packageFile) }
}

const NO_SCRIPTS = { missing: {}, written: false }

async function offerScripts(
  file: string,
  wanted: NonNullable<InitProjectOptions['scripts']>,
): Promise<ReturnType<typeof addPackageScripts>> {
  if (typeof wanted === 'boolean') return addPackageScripts(file, wanted)
  const offer = addPackageScripts(file, false)
  const names = Object.keys(offer.missing)
  return names.length > 0 && (await wanted(names)) ? addPackageScripts(file, true) : offer
}

function describeTodo(
  left: Pick<InitReport, 'packagesToInstall' | 'scriptsToAdd' | 'settingsToAdd'>,
  knexfile: string,
  packageFile: string | undefined,
): string[] {
  const todo: string[] = []
  if (left.packagesToInstall.length > 0)
    todo.push(`install what is missing: npm install ${left.packagesToInstall.join(' ')}`)
  if (left.settingsToAdd !== '') {
    todo.push(`in each environment of ${knexfile} settings may be added: ${left.settingsToAdd} (this is the default)`)
  }
  const scripts = Object.entries(left.scriptsToAdd).map(([name, script]) => `"${name}": "${script}"`)
  if (scripts.length > 0)
    todo.push(`add to "scripts" in ${packageFile}: ${scripts.join(', ')} (or run: rev init --scripts)`)
  return todo
}

// The driver is that of the environment which the new knexfile begins with.
function missingPackages(directory: string): string[] {
  const major = Number(process.versions.node.split('.')[0])
  // better-sqlite3 13 ends the process of an older Node.
  const driver = major < 22 ? 'better-sqlite3@12' : 'better-sqlite3'
  return ['knex', 'knex-rev', driver].filter((name) => {
    const [folder = name] = name.split('@')
    return findDirectory(`node_modules/${folder}`, { cwd: directory }) === undefined
  })
}

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
  const project = projectName(directory)
  const settings = { ...(project === null ? {} : { project }), ...(isDefault ? {} : { template: name }) }
  const entries = Object.entries(settings).map(([key, value]) => `${key}: ${toLiteral(value)}`)
  const rev = entries.length === 0 ? null : `{ ${entries.join(', ')} }`
  const text = await renderTemplate(file, { project, rev })
  const knexfile = join(directory, `knexfile${extension}`)
  writeNew(knexfile, text)
  created.push(knexfile)
  return knexfile
}

// The name of the package: whoever clones the project has the same. A folder may be called anything.
function projectName(directory: string): string | null {
  const { name } = readPackage(findUp('package.json', { cwd: directory }))
  return typeof name === 'string' && /^[@\w./-]{1,200}$/.test(name) ? name : null
}

function makeVersions(directory: string, created: string[], kept: string[]): void {
  const versions = join(directory, VERSIONS)
  if (existsSync(versions)) {
    kept.push(versions)
    return
  }
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
