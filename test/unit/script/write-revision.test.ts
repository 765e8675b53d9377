import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLeadingComment } from '../../../src/script/leading-comment.ts'
import { createModuleLoader } from '../../../src/script/module-loader.ts'
import { readRevisionScripts } from '../../../src/script/script-directory.ts'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import { type NewRevision, writeRevision } from '../../../src/script/write-revision.ts'
import type { RevOptions } from '../../../src/settings.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

const NOW = new Date('2026-03-04T05:06:07Z')

function projectWith(files: Readonly<Record<string, string>>, options: RevOptions = {}) {
  const directory = folderWith(files)
  mkdirSync(join(directory, 'versions'), { recursive: true })
  const settings = resolveSettings(options, { directory })
  const [location] = settings.versionLocations
  if (!location) throw new Error('there is no location')
  const write = (parts: Partial<NewRevision> = {}) =>
    writeRevision({
      settings,
      directory,
      location,
      revision: 'a1',
      message: 'add country table',
      downRevisions: [],
      branchLabels: [],
      dependsOn: [],
      now: NOW,
      ...parts,
    })
  return { directory, settings, location, write, read: () => readRevisionScripts(settings, { directory }) }
}

const TYPESCRIPT = { 'tsconfig.json': '{}' }
const MODULES = { 'package.json': '{ "type": "module" }' }
const COMMONJS = { 'package.json': '{}' }
const KINDS = { TypeScript: TYPESCRIPT, 'ES module': MODULES, CommonJS: COMMONJS }

// The types that `npm install knex-rev` brings; built by `npm install` here.
const ownTypes = (file: string) => ({ 'knex-rev': [join(process.cwd(), 'dist', file)] })

describe('a new revision file', () => {
  it('is what the README promises', async () => {
    const { write, directory } = projectWith(TYPESCRIPT, { timezone: 'Europe/Berlin' })

    const { file } = await write({ downRevisions: ['b1'], branchLabels: ['billing'], dependsOn: ['c1', 'users'] })

    expect(file).toBe(join(directory, 'versions', 'a1_add_country_table.ts'))
    expect(readFileSync(file, 'utf8')).toBe(`/**
 * add country table
 *
 * Revision ID: a1
 * Revises: b1
 * Create Date: 2026-03-04T06:06:07+01:00
 */

import type { Knex } from 'knex'

export const revision = 'a1'
export const down_revision = 'b1'
export const branch_labels = ['billing']
export const depends_on = ['c1', 'users']

export async function upgrade(knex: Knex): Promise<void> {
  // await knex.schema.createTable('name', (table) => { ... })
}

export async function downgrade(knex: Knex): Promise<void> {
  // await knex.schema.dropTable('name')
}
`)
  })

  it('is written in the language of the project', async () => {
    const extension = async (files: Record<string, string>, template?: string) =>
      (await projectWith(files).write({ template })).file.split('.').at(-1)

    expect(await extension(TYPESCRIPT)).toBe('ts')
    expect(await extension({ 'knexfile.ts': '' })).toBe('ts')
    expect(await extension({ 'package.json': '{ "devDependencies": { "typescript": "7" } }' })).toBe('ts')
    expect(await extension(MODULES)).toBe('js')
    expect(await extension(COMMONJS)).toBe('js')
    expect(await extension(MODULES, 'commonjs')).toBe('cjs')
    expect(await extension(COMMONJS, 'javascript')).toBe('mjs')
    expect(await extension(MODULES, 'typescript')).toBe('ts')
    expect(await extension({ 'package.json': 'broken' })).toBe('js')
  })

  it('follows the package that its own folder belongs to', async () => {
    const { write } = projectWith({ ...COMMONJS, 'versions/package.json': '{ "type": "module" }' })

    const { file } = await write()

    expect(readFileSync(file, 'utf8')).toContain('export const revision')
  })

  for (const [kind, files] of Object.entries(KINDS)) {
    for (const template of ['typescript', 'javascript', 'commonjs', 'data', 'index']) {
      it(`made from ${template} in a project of kind ${kind} can be loaded and says what was asked for`, async () => {
        const { write, read } = projectWith(files)
        await write({ revision: 'b1', template })
        await write({ revision: 'c1', template, branchLabels: ['billing'], message: 'other */ line' })
        await write({ revision: 'a1', template, downRevisions: ['b1'], dependsOn: ['c1', 'billing'] })

        const scripts = await read()
        const module = await scripts.get('a1').load()

        expect(scripts.notices).toEqual([])
        expect(scripts.graph.get('a1')).toMatchObject({
          downRevisions: ['b1'],
          dependsOn: ['c1', 'billing'],
          message: 'add country table',
        })
        expect(scripts.graph.get('c1')).toMatchObject({ branchLabels: ['billing'], message: 'other */ line' })
        expect(module).toMatchObject({ upgrade: expect.any(Function), downgrade: expect.any(Function) })
        expect(module.transaction).toBe(!['data', 'index'].includes(template))
      })
    }

    it(`of a merge in a project of kind ${kind} has both parents and empty functions`, async () => {
      const { write, read } = projectWith(files)
      await write({ revision: 'b1' })
      await write({ revision: 'c1' })
      const { file } = await write({ downRevisions: ['b1', 'c1'], message: 'merge' })

      expect((await read()).graph.get('a1').downRevisions).toEqual(['b1', 'c1'])
      expect(readFileSync(file, 'utf8')).not.toContain("'knex'")
      expect(readFileSync(file, 'utf8')).toContain('Revises: b1, c1')
    })
  }

  it('keeps the first line of a message as the message and the rest as the description', async () => {
    const { write, read } = projectWith(TYPESCRIPT)
    await write({ message: 'short\n\nbecause */ of\r\n  this' })

    const scripts = await read()

    expect(scripts.graph.get('a1').message).toBe('short')
    expect(scripts.get('a1').description).toMatch(/^because \* \/ of\n\s*this$/)
  })

  for (const message of [
    '',
    ' ',
    `it's "quoted" and \`ticked\` \${x}`,
    '*/ process.exit(9) /*',
    '*/',
    '/',
    '*',
    '🎉 party',
    '../../etc/passwd',
    'C:\\new\\table',
    'trailing \\',
    '{{x}} {{{y}}} {{#if a}}',
    'a\u2028b\u2029c',
    'bell \u0007 and \u0000 nul',
    'Revision ID: forged',
    '@ts-nocheck',
    'eslint-disable',
    'reversed \u202e text',
    'half \ud83d',
    "'); drop table users; --",
    '<!-- -->',
    '// line',
    '#! no',
    "'use strict'",
  ]) {
    it(`survives the message ${JSON.stringify(message)}`, async () => {
      for (const files of Object.values(KINDS)) {
        const { write, read, location } = projectWith(files)
        await write({ message })

        const scripts = await read()

        expect(scripts.graph.get('a1').message).toBe(message)
        expect(await scripts.get('a1').load()).toMatchObject({ revision: 'a1' })
        expect(readdirSync(location.path)).toHaveLength(1)
      }
    })
  }

  it('survives any message, in every language', async () => {
    const projects = Object.values(KINDS).map((files) => projectWith(files))
    const template = fc.constantFrom('typescript', 'javascript', 'commonjs', 'data', 'index')
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('*/', '/*', '`', '${', '\\', "'", '{{', '\u2028', '//', '@'),
    )
    const message = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    let count = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...projects), template, message, async (project, name, text) => {
        count += 1
        const revision = `r${count}`
        const { file } = await project.write({ revision, message: text, template: name })
        const [first = ''] = text.split(/\r\n|\r|\n/)

        expect(file.startsWith(`${project.location.path}/r${count}`)).toBe(true)
        expect((await project.read()).graph.get(revision)).toMatchObject({
          revision,
          downRevisions: [],
          message: first,
        })
        const loaded = await createModuleLoader({ directory: project.directory }).load(file)
        expect(loaded).toMatchObject({ revision, down_revision: null })
      }),
      { numRuns: 60 },
    )
  })

  it('compiles under a strict TypeScript, from every template', async () => {
    const { write, directory } = projectWith({
      ...MODULES,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2022',
          module: 'nodenext',
          strict: true,
          noUncheckedIndexedAccess: true,
          noEmit: true,
          skipLibCheck: true,
          types: [],
          paths: ownTypes('index.d.ts'),
        },
        include: ['versions'],
      }),
    })
    const root = process.cwd()
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
    await write({ revision: 'b1', message: `it's */ "odd"` })
    await write({ revision: 'c1', template: 'data' })
    await write({ revision: 'd1', template: 'index' })
    await write({ revision: 'e1', downRevisions: ['b1', 'c1'] })

    const run = () => execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory])

    expect(run).not.toThrow()
  })

  it('keeps its message when it is compiled', async () => {
    const { write, directory } = projectWith({
      ...TYPESCRIPT,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'node16',
          target: 'es2022',
          strict: true,
          rootDir: 'versions',
          outDir: 'dist',
          types: ['node'],
          paths: ownTypes('cjs/index.d.ts'),
        },
        include: ['versions'],
      }),
    })
    const root = process.cwd()
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
    const sources = [
      await write({ message: 'plain' }),
      await write({ revision: 'c1', template: 'data', message: 'data' }),
      await write({ revision: 'd1', template: 'index', message: 'index' }),
    ]

    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', directory])

    const compiled = sources.map(({ file }) => join(directory, 'dist', basename(file, '.ts').concat('.js')))
    expect(compiled.map((file) => readLeadingComment(readFileSync(file, 'utf8')).message)).toEqual([
      'plain',
      'data',
      'index',
    ])
  })
})

describe('writing a revision file', () => {
  it('never overwrites, not even through a link or in another case or extension', async () => {
    const { write, location } = projectWith(TYPESCRIPT)
    for (const name of ['a1_add_country_table.ts', 'B1_Add_country_table.ts', 'c1_add_country_table.js']) {
      writeFileSync(join(location.path, name), 'mine')
    }
    symlinkSync(join(location.path, 'nowhere'), join(location.path, 'd1_add_country_table.ts'))

    for (const revision of ['a1', 'b1', 'c1', 'd1']) {
      expect(await failureOf(() => write({ revision }))).toMatchObject({ code: 'REV_FILE_ALREADY_EXISTS' })
    }
    expect(readFileSync(join(location.path, 'a1_add_country_table.ts'), 'utf8')).toBe('mine')
    expect(readdirSync(location.path)).not.toContain('nowhere')
  })

  it('lets only one of two at the same time have the name', async () => {
    const { write, location } = projectWith(TYPESCRIPT)

    const endings = await Promise.allSettled([write({ message: 'same' }), write({ message: 'same' })])

    expect(endings.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(readdirSync(location.path)).toHaveLength(1)
  })

  it('cannot be led out of its folder by an id', async () => {
    const { write, directory } = projectWith(TYPESCRIPT)

    for (const revision of ['../x', '..\\x', '/tmp/x', 'a\0b', '..']) {
      expect(await failureOf(() => write({ revision, message: '' }))).toMatchObject({ code: 'REV_FILE_ILLEGAL_NAME' })
    }
    expect(readdirSync(directory).sort()).toEqual(['tsconfig.json', 'versions'])
  })

  it('works in a folder that is a link', async () => {
    const { write, directory } = projectWith(TYPESCRIPT)
    mkdirSync(join(directory, 'real'))
    symlinkSync(join(directory, 'real'), join(directory, 'link'))

    const { file } = await write({ location: { path: join(directory, 'link'), label: undefined } })

    expect(file).toBe(join(directory, 'link', 'a1_add_country_table.ts'))
    expect(readdirSync(join(directory, 'real'))).toEqual(['a1_add_country_table.ts'])
  })

  it('needs the folder to be there', async () => {
    const { write, directory } = projectWith(TYPESCRIPT)
    const path = join(directory, 'missing')

    expect(await failureOf(() => write({ location: { path, label: undefined } }))).toMatchObject({
      code: 'REV_FILE_LOCATION_MISSING',
      details: { directories: [path] },
    })
  })
})

describe("a template of the project's own", () => {
  const OWN = `export const revision = {{json revision}}
export const down_revision = {{json down_revision}}
export async function upgrade() {}
`
  it('goes before the built-in one of the same name, and is written with its own extension', async () => {
    const { write } = projectWith({ ...MODULES, 'templates/javascript/revision.mjs.hbs': `// {{message}}\n${OWN}` })

    const { file } = await write()

    expect(file).toMatch(/\.mjs$/)
    expect(readFileSync(file, 'utf8')).toMatch(/^\/\/ add country table\n/)
  })

  it('is chosen by the setting, and by -t before it', async () => {
    const files = {
      ...MODULES,
      'templates/one/revision.js.hbs': `// 1\n${OWN}`,
      'templates/two/revision.js.hbs': `// 2\n${OWN}`,
    }
    const { write } = projectWith(files, { template: 'one' })

    expect(readFileSync((await write()).file, 'utf8')).toMatch(/^\/\/ 1/)
    expect(readFileSync((await write({ revision: 'b', template: 'two' })).file, 'utf8')).toMatch(/^\/\/ 2/)
  })

  it('that drops what was asked for is refused before anything is written', async () => {
    const { write, location, directory } = projectWith({ ...MODULES, 'templates/own/revision.js.hbs': OWN })

    expect(await failureOf(() => write({ template: 'own', branchLabels: ['billing'] }))).toMatchObject({
      code: 'REV_FILE_TEMPLATE_MISMATCH',
      details: {
        file: join(directory, 'templates', 'own', 'revision.js.hbs'),
        name: 'branch_labels',
        expected: ['billing'],
        found: [],
      },
    })
    expect(await failureOf(() => write({ template: 'own', dependsOn: ['x'] }))).toMatchObject({
      code: 'REV_FILE_TEMPLATE_MISMATCH',
    })
    expect(readdirSync(location.path)).toEqual([])
  })

  it('with a mistake in it is named, and nothing is written', async () => {
    const { write, location } = projectWith({
      ...MODULES,
      'templates/a/revision.js.hbs': `{{unknown_name}}`,
      'templates/b/revision.js.hbs': `{{#if x}}`,
    })

    for (const template of ['a', 'b']) {
      expect(await failureOf(() => write({ template }))).toMatchObject({ code: 'REV_FILE_TEMPLATE_FAILED' })
    }
    expect(readdirSync(location.path)).toEqual([])
  })

  it('that is not there is an error with the near name, and a path is no name', async () => {
    const { write } = projectWith(MODULES)

    expect(await failureOf(() => write({ template: 'javscript' }))).toMatchObject({
      code: 'REV_FILE_TEMPLATE_NOT_FOUND',
      details: { suggestion: 'javascript', part: 'revision' },
    })
    for (const template of ['../templates/javascript', '..', '', '/etc']) {
      expect(await failureOf(() => write({ template }))).toMatchObject({ code: 'REV_FILE_TEMPLATE_NOT_FOUND' })
    }
  })
})
