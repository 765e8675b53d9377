import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RevError } from '../errors/index.ts'
import { packageRoot } from '../platform.cts'
import type { RevSettings } from '../settings.ts'
import { nearName } from './near-name.ts'
import type { ProjectKind } from './project-kind.ts'

/** What a template can be for. */
export type TemplatePart = 'revision' | 'knexfile' | 'seed'

export interface TemplateListing {
  /** Name of the folder; what `-t` takes. */
  readonly name: string
  /** The first line of its README.md below the title; empty when there is none. */
  readonly description: string
  /** Absolute. */
  readonly directory: string
  /** False for one of the project's own. */
  readonly builtIn: boolean
  /** Which of `revision -t`, `init -t` and `seed make -t` can use it. */
  readonly parts: readonly TemplatePart[]
}

/** One file of a template, chosen for a project. */
export interface TemplateFile {
  /** Absolute. */
  readonly file: string
  /** Of the files made from it, with its dot. */
  readonly extension: string
}

type Folders = Pick<RevSettings, 'templatesDirectory'>

const FILE = /^(revision|knexfile|seed)(\.[cm]?[jt]s)\.hbs$/

/** All templates by name, the project's own before the built-in ones, which they replace under the same name. */
export function listTemplates(settings: Folders): TemplateListing[] {
  const listings = new Map<string, TemplateListing>()
  for (const { path, builtIn } of templateFolders(settings)) {
    for (const name of readdirSync(path).sort()) {
      const directory = join(path, name)
      const parts = (['revision', 'knexfile', 'seed'] as const).filter((part) => variants(directory, part).length > 0)
      if (parts.length === 0 || listings.has(name)) continue
      listings.set(name, { name, description: describe(directory), directory, builtIn, parts })
    }
  }
  return [...listings.values()]
}

/**
 * The file of a template that suits the project: of several languages the project's own. Throws
 * REV_FILE_TEMPLATE_NOT_FOUND.
 */
export function findTemplate(name: string, part: TemplatePart, settings: Folders, kind: ProjectKind): TemplateFile {
  const folders = templateFolders(settings)
  const isName = /^[\w.-]+$/.test(name) && !/^\.+$/.test(name)
  for (const { path, builtIn } of isName ? folders : []) {
    const directory = join(path, name)
    const found = variants(directory, part)
    const extension = preference(kind).find((candidate) => found.includes(candidate))
    if (extension === undefined) continue
    const file = join(directory, `${part}${extension}.hbs`)
    return { file, extension: builtIn ? shorten(extension, kind) : extension }
  }
  const templates = listTemplates(settings).flatMap((each) => (each.parts.includes(part) ? each.name : []))
  const suggestion = nearName(name, templates)
  const details = { template: name, part, directories: folders.map(({ path }) => path), templates }
  throw new RevError('REV_FILE_TEMPLATE_NOT_FOUND', { ...details, ...(suggestion === undefined ? {} : { suggestion }) })
}

function templateFolders({ templatesDirectory }: Folders): { path: string; builtIn: boolean }[] {
  const own = join(packageRoot, 'templates')
  const folders = [{ path: own, builtIn: true }]
  if (templatesDirectory !== undefined && templatesDirectory !== own && existsSync(templatesDirectory)) {
    folders.unshift({ path: templatesDirectory, builtIn: false })
  }
  return folders
}

function variants(directory: string, part: TemplatePart): string[] {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(directory).flatMap((name) => {
    const [, itsPart, extension] = FILE.exec(name) ?? []
    return itsPart === part && extension !== undefined ? [extension] : []
  })
}

function preference({ language, modules }: ProjectKind): string[] {
  const javascript = modules === 'esm' ? ['.js', '.mjs', '.cjs'] : ['.cjs', '.js', '.mjs']
  const typescript = ['.ts', '.mts', '.cts']
  return language === 'typescript' ? [...typescript, ...javascript] : [...javascript, ...typescript]
}

// The built-in templates say what they are by their extension; where a plain `.js` is the same, people expect that.
function shorten(extension: string, { modules }: ProjectKind): string {
  return extension === (modules === 'esm' ? '.mjs' : '.cjs') ? '.js' : extension
}

function describe(directory: string): string {
  const file = join(directory, 'README.md')
  if (!existsSync(file)) return ''
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  return lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('#')) ?? ''
}
