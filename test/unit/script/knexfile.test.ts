import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findKnexfile, loadKnexfile } from '../../../src/script/knexfile.ts'
import { failureOf, folderWith, writeFiles } from '../../support/folder-with.ts'

const CONFIG = `{ client: 'pg', connection: 'postgres://u:secret@host/db' }`

describe('finding the knexfile', () => {
  it('looks in the folder itself and then upwards', () => {
    const folder = folderWith({ 'knexfile.js': '', 'a/b/c.txt': '' })

    expect(findKnexfile({ cwd: join(folder, 'a', 'b') })).toBe(join(folder, 'knexfile.js'))
  })

  it('prefers the nearest, and TypeScript where a folder has several', () => {
    const folder = folderWith({ 'knexfile.ts': '', 'a/knexfile.cjs': '', 'a/knexfile.json': '', 'a/knexfile.ts': '' })

    expect(findKnexfile({ cwd: join(folder, 'a') })).toBe(join(folder, 'a', 'knexfile.ts'))
  })

  it('does not take a folder of that name for a knexfile', () => {
    const folder = folderWith({ 'knexfile.mjs': '' })
    mkdirSync(join(folder, 'a', 'knexfile.ts'), { recursive: true })

    expect(findKnexfile({ cwd: join(folder, 'a') })).toBe(join(folder, 'knexfile.mjs'))
  })

  it('takes a named one from the working directory, and says which path was tried when it is missing', async () => {
    const folder = folderWith({ 'config/db.ts': '' })

    expect(findKnexfile({ cwd: folder, knexfile: 'config/db.ts' })).toBe(join(folder, 'config', 'db.ts'))
    const failure = await failureOf(() => findKnexfile({ cwd: folder, knexfile: 'db.ts' }))
    expect(failure).toMatchObject({
      code: 'REV_CONFIG_KNEXFILE_NOT_FOUND',
      details: { knexfile: 'db.ts', searched: join(folder, 'db.ts') },
    })
  })
})

describe('reading the knexfile', () => {
  const shapes: Record<string, [file: string, text: string, packageJson?: string]> = {
    'TypeScript with a default export': ['knexfile.ts', `const config: object = ${CONFIG}\nexport default config`],
    'TypeScript with module.exports': ['knexfile.ts', `module.exports = ${CONFIG}`],
    'TypeScript as CommonJS': ['knexfile.cts', `export default ${CONFIG}`],
    'an ES module': ['knexfile.mjs', `export default ${CONFIG}`],
    'an ES module in a package of ES modules': ['knexfile.js', `export default ${CONFIG}`, '{"type":"module"}'],
    'an ES module in a package that does not say so': ['knexfile.js', `export default ${CONFIG}`, '{}'],
    CommonJS: ['knexfile.js', `module.exports = ${CONFIG}`, '{}'],
    'CommonJS by its extension': ['knexfile.cjs', `module.exports = ${CONFIG}`, '{"type":"module"}'],
    'CommonJS that a compiler wrote': [
      'knexfile.js',
      `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${CONFIG}`,
      '{}',
    ],
    'a default export wrapped twice': ['knexfile.cjs', `module.exports = { default: { default: ${CONFIG} } }`],
    JSON: ['knexfile.json', '\uFEFF{ "client": "pg", "connection": "postgres://u:secret@host/db" }'],
    'named exports': [
      'knexfile.mjs',
      `export const client = 'pg'\nexport const connection = 'postgres://u:secret@host/db'`,
    ],
    'a function': ['knexfile.mjs', `export default () => (${CONFIG})`],
    'an asynchronous function': ['knexfile.cjs', `module.exports = async () => (${CONFIG})`],
    'a promise': ['knexfile.ts', `export default Promise.resolve(${CONFIG})`],
    'a promise of a function': ['knexfile.mjs', `export default Promise.resolve(async () => (${CONFIG}))`],
  }
  for (const [name, [file, text, packageJson]] of Object.entries(shapes)) {
    it(`understands ${name}`, async () => {
      const folder = folderWith({ [file]: text, ...(packageJson ? { 'package.json': packageJson } : {}) })

      expect(await loadKnexfile(join(folder, file))).toMatchObject({
        client: 'pg',
        connection: 'postgres://u:secret@host/db',
      })
    })
  }

  it('keeps an environment that is called default', async () => {
    const folder = folderWith({ 'knexfile.mjs': `export default { default: ${CONFIG}, other: ${CONFIG} }` })

    expect(Object.keys(await loadKnexfile(join(folder, 'knexfile.mjs')))).toEqual(['default', 'other'])
  })

  it('tells the line and keeps the cause when the file throws', async () => {
    const folder = folderWith({ 'knexfile.ts': `const a: number = 1\n\nthrow new Error('no database ' + a)\n` })

    const failure = await failureOf(() => loadKnexfile(join(folder, 'knexfile.ts')))

    expect(failure).toMatchObject({
      code: 'REV_CONFIG_KNEXFILE_FAILED',
      exit: 2,
      details: { file: join(folder, 'knexfile.ts'), line: 3, reason: 'no database 1' },
      cause: { message: 'no database 1' },
    })
  })

  it('tells the line when a function in the file throws later', async () => {
    const folder = folderWith({ 'knexfile.mjs': `export default async () => {\n  throw new Error('too late')\n}\n` })

    const failure = await failureOf(() => loadKnexfile(join(folder, 'knexfile.mjs')))

    expect(failure).toMatchObject({ code: 'REV_CONFIG_KNEXFILE_FAILED', details: { line: 2, reason: 'too late' } })
  })

  it('never repeats a password, neither from an error nor from broken JSON', async () => {
    const folder = folderWith({
      'knexfile.mjs': `throw new Error('cannot parse postgres://app:pa/ss@w@host/db')`,
      'knexfile.json': `{\n  "connection": "postgres://app:pa/ss@w@host/db" oops }`,
    })

    for (const name of ['knexfile.mjs', 'knexfile.json']) {
      const failure = await failureOf(() => loadKnexfile(join(folder, name)))
      expect(failure).toMatchObject({ code: 'REV_CONFIG_KNEXFILE_FAILED' })
      expect(JSON.stringify(failure.details) + failure.message).not.toContain('ss@w')
    }
  })

  it('refuses what is not a configuration', async () => {
    const folder = folderWith({
      'a.mjs': 'export default 42',
      'b.cjs': 'module.exports = []',
      'c.mjs': 'export default () => undefined',
      'd.cjs': 'const f = () => {}; f.raw = f; f.client = {}; module.exports = f',
    })

    for (const name of ['a.mjs', 'b.cjs', 'c.mjs', 'd.cjs']) {
      expect(await failureOf(() => loadKnexfile(join(folder, name)))).toMatchObject({
        code: 'REV_CONFIG_KNEXFILE_FAILED',
      })
    }
  })

  it('reads a file again after it was mended', async () => {
    const folder = folderWith({ 'knexfile.json': '{ "client": ' })
    expect(await failureOf(() => loadKnexfile(join(folder, 'knexfile.json')))).toBeDefined()

    writeFiles(folder, { 'knexfile.json': '{ "client": "pg" }' })

    expect(await loadKnexfile(join(folder, 'knexfile.json'))).toEqual({ client: 'pg' })
  })
})
