import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createModuleLoader } from '../../../src/script/module-loader.ts'
import { canRequireModules } from '../../../src/script/self-contained-module.ts'
import { createTempProject, type TempProject } from '../../support/temp-project.ts'

const moduleText = `export const revision = 'a'\nexport async function upgrade() { return 'done' }\n`
const commonJsText = `exports.revision = 'a'\nexports.upgrade = async () => 'done'\n`
const typedText = `import { Knex } from 'knex'
enum Color { Red = 'red' }
export const color: Color = Color.Red
export const revision = 'a' as const
export async function upgrade(knex?: Knex): Promise<string> { return knex === undefined ? 'done' : 'other' }
`

// On the lines of Node whose `require` cannot do it well, such a module is imported like the others.
const loadsAtOnce = canRequireModules()

async function load(project: TempProject, file: string): Promise<Record<string, unknown>> {
  return createModuleLoader({ directory: project.path }).load(join(project.path, file))
}

describe('loading a file', () => {
  describe.each([['module'], ['commonjs'], [null]] as const)('in a package of the type %s', (type) => {
    test.each([
      ['ts', moduleText],
      ['ts', commonJsText],
      ['ts', typedText],
      ['mts', moduleText],
      ['mts', typedText],
      ['cts', moduleText],
      ['cts', typedText],
      ['cts', commonJsText],
      ['js', type === 'module' ? moduleText : commonJsText],
      ['js', moduleText],
      ['mjs', moduleText],
      ['cjs', commonJsText],
      ['cjs', moduleText],
    ])('gives the exports of .%s', async (extension, text) => {
      const project = createTempProject({ type, files: { [`file.${extension}`]: text } })

      const exports = await load(project, `file.${extension}`)

      expect(exports.revision).toBe('a')
      expect(await (exports.upgrade as () => unknown)()).toBe('done')
    })

    test.each([
      ['ts', moduleText],
      ['mts', typedText],
      ['cts', commonJsText],
      ['js', type === 'module' ? moduleText : commonJsText],
      ['js', moduleText],
      ['mjs', moduleText],
      ['cjs', commonJsText],
      ['cjs', moduleText],
      // Long enough that only its hash is remembered.
      ['mjs', `${moduleText}\n// ${'long '.repeat(5000)}\n`],
    ])('gives those of an edited .%s, and of one that is edited again', async (extension, text) => {
      const file = `file.${extension}`
      const project = createTempProject({ type, files: { [file]: text } })
      const done = async (): Promise<unknown> => ((await load(project, file)).upgrade as () => unknown)()
      expect(await done()).toBe('done')

      for (const word of ['second', 'third', 'done']) {
        project.write(file, text.replace("'done'", `'${word}'`))
        expect(await done()).toBe(word)
      }
      expect((await load(project, file)).upgrade).toBe((await load(project, file)).upgrade)
    })

    test.each(['ts', 'mts', 'mjs'])('finds imports of .%s that Node alone would not find', async (extension) => {
      const project = createTempProject({
        type,
        files: {
          [`file.${extension}`]: `import { helper } from './helper'\nimport { other } from './other.js'\nexport const all = [helper, other]\n`,
          'helper.ts': `export const helper: string = 'h'\n`,
          'other.ts': `export const other: string = 'o'\n`,
        },
      })

      expect((await load(project, `file.${extension}`)).all).toEqual(['h', 'o'])
    })
  })

  test('lets a CommonJS file require TypeScript', async () => {
    const project = createTempProject({
      type: 'commonjs',
      files: {
        'file.js': `exports.x = require('./helper').helper\n`,
        'helper.ts': `export const helper: string = 'h'\n`,
      },
    })

    expect((await load(project, 'file.js')).x).toBe('h')
  })

  test('follows the path aliases of the project', async () => {
    const project = createTempProject({
      files: {
        'tsconfig.json': JSON.stringify({ compilerOptions: { baseUrl: '.', paths: { '@lib/*': ['lib/*'] } } }),
        'lib/helper.ts': `export const helper: string = 'h'\n`,
        'versions/file.ts': `import { helper } from '@lib/helper'\nexport const x = helper\n`,
      },
    })

    expect((await load(project, 'versions/file.ts')).x).toBe('h')
  })

  test.each([
    ['ts', `export default { revision: 'a' }\nexport const other = 1\n`],
    ['mjs', `export default { revision: 'a' }\nexport const other = 1\n`],
    ['cjs', `module.exports = (() => ({ revision: 'a', other: 1 }))()\n`],
    ['cts', `export = { revision: 'a', other: 1 }\n`],
    [
      'cjs',
      `Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = { revision: 'a' }\nexports.other = 1\n`,
    ],
  ])('shows the properties of a default export by name, beside named exports (.%s)', async (extension, text) => {
    const project = createTempProject({ files: { [`file.${extension}`]: text } })

    expect(await load(project, `file.${extension}`)).toMatchObject({ revision: 'a', other: 1 })
  })

  test('gives a function that is the default export as it is', async () => {
    const project = createTempProject({
      files: { 'a.ts': `export default () => 1\n`, 'b.cjs': `module.exports = () => 1\n` },
    })

    for (const file of ['a.ts', 'b.cjs']) expect(((await load(project, file)).default as () => unknown)()).toBe(1)
  })

  test('reads JSON', async () => {
    const project = createTempProject({ files: { 'file.json': '\uFEFF{ "client": "pg" }' } })

    expect(await load(project, 'file.json')).toEqual({ client: 'pg', default: { client: 'pg' } })
  })

  test('loads files with hostile names', async () => {
    const project = createTempProject({
      files: { "ver sions/a'b #1%20?é.mjs": moduleText, "ver sions/a'b #2%20?é.ts": typedText },
    })

    for (const file of ["ver sions/a'b #1%20?é.mjs", "ver sions/a'b #2%20?é.ts"]) {
      expect((await load(project, file)).revision).toBe('a')
    }
  })

  test('runs a file once, however often it is asked for', async () => {
    const project = createTempProject({
      files: { 'file.ts': `const count = globalThis as any\ncount.loads = (count.loads ?? 0) + 1\n` },
    })
    const loader = createModuleLoader({ directory: project.path })

    const file = join(project.path, 'file.ts')
    const all = await Promise.all([loader.load(file), loader.load(file), loader.load(`${project.path}/./file.ts`)])

    expect(new Set(all).size).toBe(1)
    expect(Reflect.get(globalThis, 'loads')).toBe(1)
    Reflect.deleteProperty(globalThis, 'loads')
  })

  test('loads two files at once that share a third', async () => {
    const project = createTempProject({
      files: {
        'shared.ts': `await new Promise((resolve) => setImmediate(resolve))\nexport const shared: string = 's'\n`,
        'a.ts': `import { shared } from './shared'\nexport const x = shared.length\n`,
        'b.ts': `import { shared } from './shared'\nexport const x = shared.length\n`,
      },
    })
    const loader = createModuleLoader({ directory: project.path })

    const all = await Promise.all(['a.ts', 'b.ts'].map((file) => loader.load(join(project.path, file))))

    expect(all.map(({ x }) => x)).toEqual([1, 1])
  })
})

describe('an ES module that imports nothing', () => {
  const flag = 'wasLoadedAtOnce'
  const sets = `globalThis.${flag} = (globalThis.${flag} ?? 0) + 1\n`
  const runs = () => Reflect.get(globalThis, flag)

  afterEach(() => Reflect.deleteProperty(globalThis, flag))

  test.runIf(loadsAtOnce)('is there before anything else happens', async () => {
    const project = createTempProject({ files: { 'file.js': moduleText + sets } })

    const loading = load(project, 'file.js')

    expect(runs()).toBe(1)
    expect((await loading).revision).toBe('a')
  })

  test.each([
    ['awaits at its top level', `export const revision = await Promise.resolve('a')\n`],
    ['exports module.exports', `const revision = 'a'\nexport { revision, revision as 'module.exports' }\n`],
    ['has a default export only', `\nexport default { revision: 'a' }\n`],
  ])('is loaded when it %s, once', async (_, text) => {
    const project = createTempProject({ files: { 'file.js': text + sets } })

    expect((await load(project, 'file.js')).revision).toBe('a')
    expect((await load(project, 'file.js')).revision).toBe('a')
    expect(runs()).toBe(1)
  })

  test('has the same exports for those who import it', async () => {
    const text = `export const revision = {}\n${sets}`
    const project = createTempProject({
      files: { 'file.js': text, 'other.js': `import { revision } from './file.js'\nexport const other = revision\n` },
    })

    const { revision } = await load(project, 'file.js')

    expect((await load(project, 'other.js')).other).toBe(revision)
    expect(runs()).toBe(1)
  })

  test.each([
    [`throw new Error('no luck')\n`, 'no luck'],
    [`JSON.parse('{')\n`, 'SyntaxError'],
  ])('that throws at its end (%j) fails each time', async (text, reason) => {
    const project = createTempProject({ files: { 'file.js': moduleText + sets + text } })

    for (let time = 0; time < 3; time += 1) {
      const details = { line: 4, reason: expect.stringContaining(reason) }
      await expect(load(project, 'file.js')).rejects.toMatchObject({ code: 'REV_FILE_LOAD_FAILED', details })
    }
    expect(runs()).toBe(1)
  })

  test.each(['ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_CYCLE_MODULE', 'ERR_REQUIRE_ESM'])(
    'that throws an error of its own with the code %s runs once, as a link to it does',
    async (code) => {
      const text = `throw Object.assign(new Error('no luck'), { code: '${code}' })\n`
      const project = createTempProject({ files: { 'file.js': moduleText + sets + text } })
      symlinkSync(join(project.path, 'file.js'), join(project.path, 'link.js'))

      const details = { line: 4, reason: 'no luck' }
      await expect(load(project, 'file.js')).rejects.toMatchObject({ code: 'REV_FILE_LOAD_FAILED', details })
      await expect(load(project, 'link.js')).rejects.toMatchObject({ details: { reason: 'no luck' } })
      expect(runs()).toBe(1)
    },
  )

  test.runIf(loadsAtOnce)('is there at once although a function of it throws errors', async () => {
    const text = `export function downgrade() {\n  throw new Error('there is no way back')\n}\n`
    const project = createTempProject({ files: { 'file.js': moduleText + sets + text } })

    const loading = load(project, 'file.js')

    expect(runs()).toBe(1)
    await loading
  })
})

describe('a file that cannot be loaded', () => {
  const count = (name: string) =>
    `globalThis[${JSON.stringify(name)}] = (globalThis[${JSON.stringify(name)}] ?? 0) + 1\n`

  test.each([
    ['module', 'ts', `\n\nthrow new Error('no luck')\n`, 3, 'no luck'],
    [
      'module',
      'mjs',
      `function f() {\n  null.x\n}\nf()\n`,
      3,
      "TypeError: Cannot read properties of null (reading 'x')",
    ],
    ['commonjs', 'js', `\nthrow new RangeError('no luck')\n`, 3, 'RangeError: no luck'],
    ['commonjs', 'js', `\nJSON.parse('export')\n`, 3, undefined],
    ['commonjs', 'js', `\nnew Function('export const a = 1')\n`, 3, undefined],
    ['module', 'js', `\nrequire('node:fs')\n`, 3, undefined],
    ['module', 'mjs', `\nawait import('./missing.mjs')\n`, undefined, undefined],
    ['commonjs', 'cjs', `\nrequire('./missing')\n`, 3, undefined],
    ['module', 'mjs', `throw 'a text'\n`, undefined, 'it threw "a text"'],
  ] as const)('throws once in a package of the type %s (.%s %j)', async (type, extension, text, line, reason) => {
    const name = `loads-${extension}-${text}`
    const project = createTempProject({ type, files: { [`file.${extension}`]: count(name) + text } })

    const error = await load(project, `file.${extension}`).catch((caught: unknown) => caught)

    const expectedLine = text.startsWith('\n\n') ? 4 : line
    expect(error).toMatchObject({
      code: 'REV_FILE_LOAD_FAILED',
      details: {
        file: join(project.path, `file.${extension}`),
        ...(expectedLine === undefined ? {} : { line: expectedLine }),
        ...(reason === undefined ? {} : { reason }),
      },
    })
    expect(Reflect.get(globalThis, name)).toBe(1)
    Reflect.deleteProperty(globalThis, name)
  })

  test.each([
    ['ts', `export const a = 1\nexport const b = = 2\n`],
    ['mjs', `export const a = 1\nexport const b = = 2\n`],
    ['cjs', `exports.a = 1\nexports.b = = 2\n`],
    ['js', `exports.a = 1\nexports.b = = 2\n`],
  ])('names the line of a syntax error (.%s)', async (extension, text) => {
    const project = createTempProject({ type: null, files: { [`file.${extension}`]: text } })

    await expect(load(project, `file.${extension}`)).rejects.toMatchObject({
      code: 'REV_FILE_LOAD_FAILED',
      details: { line: 2, reason: expect.stringContaining('SyntaxError') },
      cause: expect.anything(),
    })
  })

  test('is never quoted when it is JSON, which may hold a password', async () => {
    const project = createTempProject({ files: { 'file.json': '{ "password": "s3cret" ' } })

    await expect(load(project, 'file.json')).rejects.toMatchObject({ details: { reason: 'it is not valid JSON.' } })
  })

  test('is named when it does not exist', async () => {
    const project = createTempProject()

    for (const file of ['missing.ts', 'missing.mjs', 'missing.json']) {
      await expect(load(project, file)).rejects.toMatchObject({ details: { reason: 'there is no such file.' } })
    }
  })
})

describe('the cache of transpiled files', () => {
  test('lies in node_modules of the project', async () => {
    const project = createTempProject({ packages: false, files: { 'sub/file.ts': typedText.replace(/^.*\n/, '') } })
    mkdirSync(join(project.path, 'node_modules'))

    await createModuleLoader({ directory: join(project.path, 'sub') })
      .load(join(project.path, 'sub/file.ts'))
      .catch(() => undefined)

    expect(readdirSync(join(project.path, 'node_modules/.cache/rev'))).toHaveLength(1)
  })

  test('is not used where others may write to it', async () => {
    const project = createTempProject({ packages: false, files: { 'file.ts': 'export const a: number = 1\n' } })
    const cache = join(project.path, 'node_modules/.cache/rev')
    mkdirSync(cache, { recursive: true })
    chmodSync(cache, 0o777)

    await load(project, 'file.ts')

    expect(readdirSync(cache)).toEqual([])
  })

  test.skipIf(process.getuid === undefined)('is a private folder when the project has no node_modules', async () => {
    const project = createTempProject({ packages: false, files: { 'file.ts': 'export const a: number = 1\n' } })
    const before = process.env.TMPDIR
    process.env.TMPDIR = project.path
    try {
      await load(project, 'file.ts')
    } finally {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }

    const [folder] = readdirSync(project.path).filter((name) => name.startsWith('rev-cache-'))
    expect(existsSync(join(project.path, 'node_modules'))).toBe(false)
    expect(statSync(join(project.path, folder ?? '')).mode & 0o777).toBe(0o700)
  })
})
