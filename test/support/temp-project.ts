import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type RunOptions, type RunResult, repository, runRev } from './run-cli.ts'

export interface TempProjectOptions {
  /** `type` of its package.json; null for a package.json without one. Default `module`. */
  readonly type?: 'module' | 'commonjs' | null
  /** Files to begin with, by their path in the project. */
  readonly files?: Readonly<Record<string, string>>
  /** Whether `knex` and the drivers can be found from here, through a link to the repository's own. Default true. */
  readonly packages?: boolean
  /** `manual`: the caller removes it, as in `beforeAll(() => project.remove)`. Default `test`: gone when the test ends. */
  readonly lifetime?: 'test' | 'manual'
}

/** What a revision file of a test says; the rest of it is written around. */
export interface RevisionText {
  readonly revision: string
  readonly down?: string | readonly string[] | null
  readonly labels?: string | readonly string[]
  readonly dependsOn?: string | readonly string[]
  readonly message?: string
  /** Body of `upgrade(knex, context)`. Default: nothing. */
  readonly upgrade?: string
  /** Body of `downgrade(knex, context)`; false for a file that has none. Default: nothing. */
  readonly downgrade?: string | false
  /** More lines at module level. */
  readonly extra?: string
  /** Default `ts`. */
  readonly extension?: 'ts' | 'mts' | 'js' | 'mjs'
}

/** A real folder with a package.json, as a user's project has it. */
export interface TempProject {
  /** Absolute, without symbolic links in it. */
  readonly path: string
  /** Writes a file, and the folders to it; gives its absolute path. */
  write(file: string, text: string): string
  read(file: string): string
  /** Writes `versions/<revision>_<slug>.<extension>`; gives its absolute path. */
  revision(text: RevisionText): string
  /** Removes a file or folder; one that is not there is as good. */
  clear(path: string): void
  /** Runs the built `rev` in here. */
  rev(args: readonly string[], options?: Omit<RunOptions, 'cwd'>): Promise<RunResult>
  remove(): void
}

/** An empty folder of its own, gone when the test ends. */
export function tempDirectory(): string {
  const path = newDirectory()
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export function createTempProject(options: TempProjectOptions = {}): TempProject {
  const path = newDirectory()
  const remove = () => rmSync(path, { recursive: true, force: true })
  if (options.lifetime !== 'manual') onTestFinished(remove)

  const write = (file: string, text: string): string => {
    const absolute = join(path, file)
    mkdirSync(dirname(absolute), { recursive: true })
    writeFileSync(absolute, text)
    return absolute
  }
  const type = options.type === undefined ? 'module' : options.type
  write('package.json', JSON.stringify({ name: 'temp-project', private: true, ...(type ? { type } : {}) }))
  for (const [file, text] of Object.entries(options.files ?? {})) write(file, text)
  if (options.packages !== false) symlinkSync(join(repository, 'node_modules'), join(path, 'node_modules'), 'dir')

  return {
    path,
    write,
    read: (file) => readFileSync(join(path, file), 'utf8'),
    revision: (text) => write(`versions/${fileName(text)}`, revisionSource(text)),
    clear: (part) => rmSync(join(path, part), { recursive: true, force: true }),
    rev: (args, rest) => runRev(args, { cwd: path, ...rest }),
    remove,
  }
}

/** The text of a revision file. */
export function revisionSource(text: RevisionText): string {
  const typed = (text.extension ?? 'ts').includes('ts')
  const parameters = typed ? 'knex: Knex, context: any' : 'knex, context'
  const lines = [
    `/**\n * ${messageOf(text)}\n */`,
    ...(typed ? ["import type { Knex } from 'knex'"] : []),
    `export const revision = ${JSON.stringify(text.revision)}`,
    `export const down_revision = ${JSON.stringify(text.down ?? null)}`,
    ...(text.labels === undefined ? [] : [`export const branch_labels = ${JSON.stringify(text.labels)}`]),
    ...(text.dependsOn === undefined ? [] : [`export const depends_on = ${JSON.stringify(text.dependsOn)}`]),
    ...(text.extra === undefined ? [] : [text.extra]),
    `export async function upgrade(${parameters}) {\n${text.upgrade ?? ''}\n}`,
  ]
  if (text.downgrade !== false) {
    lines.push(`export async function downgrade(${parameters}) {\n${text.downgrade ?? ''}\n}`)
  }
  return `${lines.join('\n')}\n`
}

const messageOf = (text: RevisionText): string => text.message ?? `revision ${text.revision}`

function fileName(text: RevisionText): string {
  const slug = messageOf(text)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
  return `${text.revision}_${slug}.${text.extension ?? 'ts'}`
}

const newDirectory = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'rev-test-')))
