import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadProject, type ProjectOptions } from '../../../src/script/project.ts'
import { failureOf, folderWith } from '../../support/folder-with.ts'

const ENVIRONMENTS = `module.exports = {
  rev: { lockTimeout: '5m', timezone: 'Europe/Berlin' },
  development: { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, rev: { lockTimeout: 0 } },
  production: { client: 'pg', connection: process.env.REV_TEST_PROJECT_URL },
}`
const SINGLE = `module.exports = { client: 'pg', connection: 'postgres://host/db', rev: { versionTable: 'v' } }`

const load = (cwd: string, options: Partial<ProjectOptions> = {}) =>
  loadProject({ cwd, environment: {}, requireKnexfile: true, ...options })

describe('the environment', () => {
  it('is --env, else REV_ENV, else NODE_ENV, else development', async () => {
    const folder = folderWith({
      'knexfile.cjs': `module.exports = Object.fromEntries(['a', 'b', 'c', 'development'].map((n) => [n, { client: 'pg' }]))`,
    })
    const name = async (env: string | undefined, environment: NodeJS.ProcessEnv) =>
      (await load(folder, { env, environment })).environmentName

    expect(await name('a', { REV_ENV: 'b', NODE_ENV: 'c' })).toBe('a')
    expect(await name(undefined, { REV_ENV: 'b', NODE_ENV: 'c' })).toBe('b')
    expect(await name(undefined, { NODE_ENV: 'c' })).toBe('c')
    expect(await name(undefined, {})).toBe('development')
  })

  it('is an error with the names and a suggestion when the knexfile has no such one', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS })

    const failure = await failureOf(() => load(folder, { environment: { NODE_ENV: 'prodction' } }))

    expect(failure).toMatchObject({
      code: 'REV_CONFIG_UNKNOWN_ENV',
      exit: 2,
      details: {
        environment: 'prodction',
        source: 'NODE_ENV',
        environments: ['development', 'production'],
        suggestion: 'production',
      },
    })
  })

  it('cannot be "rev", nor something that every object has', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS })

    for (const env of ['rev', 'constructor', '__proto__']) {
      expect(await failureOf(() => load(folder, { env }))).toMatchObject({ code: 'REV_CONFIG_UNKNOWN_ENV' })
    }
  })

  it('is none in a knexfile without environments, whatever NODE_ENV says', async () => {
    const folder = folderWith({ 'knexfile.cjs': SINGLE })

    const project = await load(folder, { environment: { NODE_ENV: 'production' } })

    expect(project).toMatchObject({ environmentName: undefined, knexConfig: { client: 'pg' } })
    expect(project.settings.versionTable).toBe('v')
    expect(project.knexConfig).not.toHaveProperty('rev')
  })

  it('cannot be asked for in a knexfile without environments', async () => {
    const folder = folderWith({ 'knexfile.cjs': SINGLE })

    const failure = await failureOf(() => load(folder, { env: 'production' }))

    expect(failure).toMatchObject({ code: 'REV_CONFIG_UNKNOWN_ENV', details: { environments: [] } })
  })

  it('has its own settings on top of those beside the environments', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS })

    const { settings } = await load(folder)

    expect(settings).toMatchObject({ lockTimeoutMs: 0, timezone: 'Europe/Berlin' })
    expect((await load(folder, { env: 'production' })).settings.lockTimeoutMs).toBe(300_000)
  })

  it('needs a client only where a database is wanted', async () => {
    const folder = folderWith({ 'knexfile.cjs': `module.exports = { development: { connection: 'x' } }` })

    expect(await failureOf(() => load(folder))).toMatchObject({
      code: 'REV_CONFIG_NO_CLIENT',
      details: { environment: 'development', file: join(folder, 'knexfile.cjs') },
    })
    expect((await load(folder, { requireKnexfile: false })).knexConfig).toBeUndefined()
  })
})

describe('the connection', () => {
  it('of SQLite starts from the folder of the knexfile, wherever rev is called', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS, 'deep/down/file.txt': '' })

    const { knexConfig, directory } = await load(join(folder, 'deep', 'down'))

    expect(directory).toBe(folder)
    expect(knexConfig?.connection).toEqual({ filename: join(folder, 'dev.sqlite3') })
  })

  it('of SQLite stays as it is in memory, with a scheme, or when absolute', async () => {
    for (const filename of ['', ':memory:', 'file:x.db?mode=ro', '/var/lib/x.db']) {
      const folder = folderWith({
        'knexfile.json': JSON.stringify({ client: 'better-sqlite3', connection: { filename } }),
      })

      expect((await load(folder)).knexConfig?.connection).toEqual({ filename })
    }
  })

  it('of SQLite may be a text or a function', async () => {
    const folder = folderWith({
      'knexfile.cjs': `module.exports = {
        text: { client: 'sqlite3', connection: 'x.db' },
        lazy: { client: 'sqlite3', connection: async () => ({ filename: 'y.db' }) },
      }`,
    })

    const text = await load(folder, { env: 'text' })
    const lazy = await load(folder, { env: 'lazy' })

    expect(text.knexConfig?.connection).toBe(join(folder, 'x.db'))
    const provider = lazy.knexConfig?.connection as () => Promise<unknown>
    expect(await provider()).toEqual({ filename: join(folder, 'y.db') })
  })

  it('and the client can be given instead of a knexfile, the file then from the working directory', async () => {
    const folder = folderWith()

    const project = await load(folder, { client: 'better-sqlite3', connection: 'x.db' })

    expect(project).toMatchObject({ knexfile: undefined, directory: folder, environmentName: undefined })
    expect(project.knexConfig).toEqual({
      client: 'better-sqlite3',
      connection: join(folder, 'x.db'),
      useNullAsDefault: true,
    })
    expect(project.settings.versionLocations).toEqual([{ path: join(folder, 'versions'), label: undefined }])
  })

  it('replaces that of the knexfile, as a URL or as JSON, and its external pool', async () => {
    const folder = folderWith({
      'knexfile.cjs': `module.exports = { client: 'pg', connectionPool: {}, version: '15' }`,
    })

    const url = await load(folder, { connection: 'postgres://a:b@c/d' })
    const json = await load(folder, { connection: '{ "host": "c" }', client: 'cockroachdb' })

    expect(url.knexConfig).toEqual({ client: 'pg', connection: 'postgres://a:b@c/d', version: '15' })
    expect(json.knexConfig).toEqual({ client: 'cockroachdb', connection: { host: 'c' }, version: '15' })
  })

  it('is not repeated when it is broken', async () => {
    const folder = folderWith()

    const failure = await failureOf(() => load(folder, { client: 'pg', connection: '{ "password": "hush" ' }))

    expect(failure).toMatchObject({ code: 'REV_CONFIG_INVALID_CONNECTION' })
    expect(failure.cause).toBeUndefined()
    expect(`${failure.message} ${failure.stack}`).not.toContain('hush')
  })

  it('leaves the object of the knexfile alone', async () => {
    const folder = folderWith({
      'knexfile.cjs': `const c = Object.freeze({ filename: 'x' }); module.exports = Object.freeze({ client: 'sqlite3', connection: c, rev: Object.freeze({}) })`,
    })

    await load(folder, { client: 'better-sqlite3' })

    expect((await load(folder)).knexConfig?.client).toBe('sqlite3')
  })
})

describe('without a knexfile', () => {
  it('says so where one is needed, and gives the defaults where not', async () => {
    const folder = folderWith()

    expect(await failureOf(() => load(folder))).toMatchObject({
      code: 'REV_CONFIG_KNEXFILE_NOT_FOUND',
      details: { searched: folder },
    })
    expect(await load(folder, { requireKnexfile: false })).toMatchObject({
      knexfile: undefined,
      directory: folder,
      knexConfig: undefined,
      settings: { versionTable: 'rev_version' },
    })
  })
})

describe('the folder to start from', () => {
  it('has to be one', async () => {
    const folder = folderWith({ file: '' })

    for (const directory of [join(folder, 'nowhere'), join(folder, 'file'), join(folder, 'file', 'below')]) {
      expect(await failureOf(() => load(directory, { requireKnexfile: false }))).toMatchObject({
        code: 'REV_CONFIG_NO_DIRECTORY',
        exit: 2,
        details: { directory },
      })
    }
  })
})

describe('the file of variables', () => {
  it('is read before the environment is chosen, and overrides nothing', async () => {
    const folder = folderWith({
      'knexfile.cjs': ENVIRONMENTS,
      '.env': '# comment\nREV_ENV=production\nSET="from file"\nQUOTED="two\\nlines"\n',
    })
    const environment: NodeJS.ProcessEnv = { SET: '' }

    const project = await load(folder, { environment })

    expect(project.environmentName).toBe('production')
    expect(environment).toEqual({ REV_ENV: 'production', SET: '', QUOTED: 'two\nlines' })
  })

  it('is read before the knexfile is run', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS, '.env': 'REV_TEST_PROJECT_URL=postgres://from-env/db' })
    try {
      const project = await load(folder, { env: 'production', environment: process.env })

      expect(project.knexConfig?.connection).toBe('postgres://from-env/db')
    } finally {
      delete process.env.REV_TEST_PROJECT_URL
    }
  })

  it('lies beside the knexfile unless one is named, and can be left out', async () => {
    const folder = folderWith({
      'knexfile.cjs': ENVIRONMENTS,
      '.env': 'A=beside',
      'deep/.env': 'A=working directory',
      'deep/other.env': 'A=named',
    })
    const read = async (envFile?: string | false) => {
      const environment: NodeJS.ProcessEnv = {}
      await load(join(folder, 'deep'), { envFile, environment })
      return environment.A
    }

    expect(await read()).toBe('beside')
    expect(await read('other.env')).toBe('named')
    expect(await read(false)).toBeUndefined()
  })

  it('must be there when it is named, while a folder of that name is nothing', async () => {
    const folder = folderWith({ 'knexfile.cjs': ENVIRONMENTS, '.env/bin/activate': '' })

    expect((await load(folder)).environmentName).toBe('development')
    expect(await failureOf(() => load(folder, { envFile: 'missing.env' }))).toMatchObject({
      code: 'REV_CONFIG_ENV_FILE_FAILED',
      details: { file: join(folder, 'missing.env') },
    })
  })
})
