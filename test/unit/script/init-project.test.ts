import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initProject } from '../../../src/script/init-project.ts'
import { loadProject } from '../../../src/script/project.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

const load = (cwd: string, env?: string) => loadProject({ cwd, env, environment: {}, requireKnexfile: true })

describe('preparing a project', () => {
  for (const [kind, files, name] of [
    ['TypeScript', { 'package.json': '{}', 'tsconfig.json': '{}' }, 'knexfile.ts'],
    ['ES module', { 'package.json': '{ "type": "module" }' }, 'knexfile.js'],
    ['CommonJS', { 'package.json': '{}' }, 'knexfile.js'],
    ['no', {}, 'knexfile.js'],
  ] as const) {
    it(`of ${kind} kind writes a knexfile that can be read, and versions/`, async () => {
      const folder = folderWith(files)
      symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))

      const report = await initProject({ cwd: folder })

      expect(report).toMatchObject({
        directory: folder,
        kept: [],
        knexfile: join(folder, name),
        settingsToAdd: '',
      })
      expect(report.created).toEqual([join(folder, name), join(folder, 'versions')])
      expect(readdirSync(join(folder, 'versions'))).toEqual(['.gitkeep'])
      expect(await load(folder)).toMatchObject({
        environmentName: 'development',
        knexConfig: { client: 'better-sqlite3', connection: { filename: join(folder, 'dev.sqlite3') } },
        settings: { template: undefined },
      })
      expect(await load(folder, 'postgres')).toMatchObject({ knexConfig: { client: 'pg' } })
      expect(await load(folder, 'mysql')).toMatchObject({ knexConfig: { client: 'mysql2' } })
    })
  }

  it('makes the folder, and remembers a template that the kind of project would not lead to', async () => {
    const folder = folderWith({ 'package.json': '{}', 'tsconfig.json': '{}' })

    const report = await initProject({ cwd: folder, directory: 'new/place', template: 'javascript' })

    expect(report.knexfile).toBe(join(folder, 'new', 'place', 'knexfile.mjs'))
    expect((await load(join(folder, 'new', 'place'), 'postgres')).settings.template).toBe('javascript')
    const typescript = await initProject({ cwd: folderWith({ 'package.json': '{}' }), template: 'typescript' })
    expect(readFileSync(typescript.knexfile, 'utf8')).not.toContain('template')
  })

  it('calls the project what its package is called, in every environment', async () => {
    for (const [files, template] of [
      [{ 'package.json': '{ "name": "@shop/api" }' }, {}],
      [{ 'package.json': '{ "name": "@shop/api" }', 'tsconfig.json': '{}' }, {}],
      [{ 'package.json': '{ "name": "@shop/api", "type": "module" }' }, { template: 'typescript' }],
    ] as const) {
      const folder = folderWith(files)
      symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
      await initProject({ cwd: folder, ...template })
      for (const env of ['development', 'postgres', 'mysql'])
        expect((await load(folder, env)).settings).toMatchObject({ project: '@shop/api' })
    }
    const nameless = await initProject({
      cwd: folderWith({ 'package.json': '{ "name": "a\'); process.exit(9); //" }' }),
    })
    expect(readFileSync(nameless.knexfile, 'utf8')).not.toContain('project:')
  })

  it('does nothing more the second time', async () => {
    const folder = folderWith({ 'package.json': '{}' })
    await initProject({ cwd: folder, scripts: true })
    const before = readFileSync(join(folder, 'knexfile.js'), 'utf8')

    const report = await initProject({ cwd: folder, scripts: true, template: 'typescript' })

    expect(report).toMatchObject({
      kept: [join(folder, 'knexfile.js'), join(folder, 'versions')],
      created: [],
      scriptsToAdd: {},
    })
    expect(readFileSync(join(folder, 'knexfile.js'), 'utf8')).toBe(before)
  })

  it('leaves an existing knexfile as it is and says what may be added', async () => {
    const knexfile = "module.exports = { client: 'pg', migrations: { directory: 'm' } }\n"
    const folder = folderWith({
      'package.json': '{\n\t"scripts": { "rev": "mine" }\n}\n',
      'knexfile.js': knexfile,
      'src/x': '',
    })

    const report = await initProject({ cwd: join(folder, 'src') })

    expect(report).toMatchObject({
      directory: folder,
      kept: [join(folder, 'knexfile.js')],
      settingsToAdd: "rev: { versionLocations: 'versions' }",
    })
    expect(report.scriptsToAdd).toEqual({
      'db:upgrade': 'rev upgrade head',
      'db:downgrade': 'rev downgrade -1',
      'db:check': 'rev check',
    })
    expect(readFileSync(join(folder, 'knexfile.js'), 'utf8')).toBe(knexfile)
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{\n\t"scripts": { "rev": "mine" }\n}\n')
  })

  it('makes no folder where the knexfile says that the revisions are elsewhere', async () => {
    const folder = folderWith({ 'knexfile.json': '{ "client": "pg", "rev": { "versionLocations": "db" } }' })

    const report = await initProject({ cwd: folder })

    expect(report).toMatchObject({ created: [], settingsToAdd: '' })
    expect(existsSync(join(folder, 'versions'))).toBe(false)
  })

  it('does not take the knexfile of another package above', async () => {
    const folder = folderWith({ 'knexfile.js': '', 'package.json': '{}', 'packages/a/package.json': '{}' })

    const report = await initProject({ cwd: join(folder, 'packages', 'a') })

    expect(report).toMatchObject({ kept: [], knexfile: join(folder, 'packages', 'a', 'knexfile.js') })
  })

  it('adds scripts when asked, keeping what is there and how it is laid out', async () => {
    const text = '{\r\n\t"name": "x",\r\n\t"scripts": {\r\n\t\t"rev": "mine"\r\n\t},\r\n\t"z": 1\r\n}\r\n'
    const folder = folderWith({ 'package.json': text })

    const report = await initProject({ cwd: folder, scripts: true })

    expect(report.created).toContain(join(folder, 'package.json'))
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(
      text.replace(
        '"rev": "mine"',
        '"rev": "mine",\r\n\t\t"db:upgrade": "rev upgrade head",\r\n\t\t"db:downgrade": "rev downgrade -1",\r\n\t\t"db:check": "rev check"',
      ),
    )
  })

  it('refuses to add scripts to what is no package.json, and a template without a knexfile', async () => {
    const broken = folderWith({ 'package.json': '{ nonsense' })
    expect(await failureOf(() => initProject({ cwd: broken, scripts: true }))).toMatchObject({
      code: 'REV_FILE_WRITE_FAILED',
    })
    expect(readFileSync(join(broken, 'package.json'), 'utf8')).toBe('{ nonsense')

    expect(await failureOf(() => initProject({ cwd: folderWith(), template: 'data' }))).toMatchObject({
      code: 'REV_FILE_TEMPLATE_NOT_FOUND',
      details: { part: 'knexfile', templates: ['commonjs', 'javascript', 'typescript'] },
    })
  })

  it('says why when the folder cannot be written', async () => {
    const folder = folderWith({ file: '' })
    mkdirSync(join(folder, 'x'))

    expect(await failureOf(() => initProject({ cwd: folder, directory: 'file/below' }))).toMatchObject({
      code: 'REV_FILE_WRITE_FAILED',
    })
  })
})

describe('what is left to do', () => {
  it('is told in order: packages, settings, scripts', async () => {
    const fresh = await initProject({ cwd: folderWith({ 'package.json': '{}' }) })
    const existing = await initProject({ cwd: folderWith({ 'package.json': '{}', 'knexfile.cjs': '' }) })

    expect(fresh.packagesToInstall.map((name) => name.split('@')[0])).toEqual(['knex', 'knex-rev', 'better-sqlite3'])
    expect(fresh.todo).toEqual([
      expect.stringContaining('npm install knex'),
      expect.stringContaining('rev upgrade head'),
    ])
    expect(existing.todo).toEqual([
      expect.stringContaining('versionLocations'),
      expect.stringContaining('rev init --scripts'),
    ])
  })

  it('is no package that is installed', async () => {
    const folder = folderWith({ 'node_modules/knex/x': '', 'a/package.json': '{}' })

    const report = await initProject({ cwd: join(folder, 'a'), scripts: true })

    expect(report.packagesToInstall).not.toContain('knex')
    expect(report.todo).toHaveLength(1)
  })
})
