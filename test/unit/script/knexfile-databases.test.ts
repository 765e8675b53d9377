import { describe, expect, it } from 'vitest'
import { isRevError, type RevError } from '../../../src/errors/index.ts'
import { chooseDatabase, type DatabaseChoice, listDatabases } from '../../../src/script/knexfile-databases.ts'

const file = '/p/knexfile.ts'
type Choice = Partial<DatabaseChoice>
const choose = (content: object, choice: Choice = {}) =>
  chooseDatabase(content as Record<string, unknown>, { file, environment: {}, ...choice })
const list = (content: object, choice: Choice = {}) =>
  listDatabases(content as Record<string, unknown>, { file, environment: {}, ...choice })

function failureOf(work: () => unknown): RevError {
  try {
    work()
  } catch (error) {
    if (isRevError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}

const pg = { client: 'pg' }

describe('a map of databases', () => {
  const map = { databases: { app: pg, analytics: { client: 'mysql2', rev: { versionTable: 'own' } } } }

  it('gives one of them, with folders of its own', () => {
    expect(choose(map, { database: 'app' })).toEqual({
      name: undefined,
      config: pg,
      rev: { versionLocations: 'versions/app', seedLocations: 'seeds/app' },
      databaseName: 'app',
      databaseNames: ['app', 'analytics'],
      sharedEnvironment: undefined,
    })
    expect(choose(map, { database: 'analytics' })).toMatchObject({
      config: { client: 'mysql2' },
      rev: { versionLocations: 'versions/analytics', versionTable: 'own' },
    })
  })

  it('in an environment belongs to that one, and each entry has what stands beside the map', () => {
    const inEnvironments = {
      rev: { timezone: 'Europe/Berlin' },
      development: { ...map, pool: { min: 1 }, rev: { versionLocations: 'shared' } },
      production: { databases: { app: { client: 'pg', pool: { min: 5 } } } },
    }
    expect(choose(inEnvironments, { database: 'app' })).toMatchObject({
      name: 'development',
      config: { client: 'pg', pool: { min: 1 } },
      rev: { timezone: 'Europe/Berlin', versionLocations: 'shared', seedLocations: 'seeds/app' },
      sharedEnvironment: 'development',
    })
    expect(choose(inEnvironments, { env: 'production' })).toMatchObject({
      name: 'production',
      config: { client: 'pg', pool: { min: 5 } },
      databaseName: 'app',
      databaseNames: ['app'],
    })
    expect(list(inEnvironments)).toEqual(['app', 'analytics'])
    expect(list(inEnvironments, { environment: { REV_ENV: 'production' } })).toEqual(['app'])
  })

  it('leaves the folders of an only database where they are', () => {
    expect(choose({ databases: { app: pg } }).rev).toEqual({})
  })

  it('has to be told which one is meant, by a name that is there', () => {
    expect(failureOf(() => choose(map))).toMatchObject({
      code: 'REV_CONFIG_DATABASE_NEEDED',
      details: { file, databases: ['app', 'analytics'] },
    })
    expect(failureOf(() => choose(map, { database: 'analitics' }))).toMatchObject({
      code: 'REV_CONFIG_UNKNOWN_DATABASE',
      hint: 'did you mean: --database analytics',
    })
    // What every object has is no database.
    expect(failureOf(() => choose(map, { database: 'constructor' })).code).toBe('REV_CONFIG_UNKNOWN_DATABASE')
  })

  it.each([
    ['nothing in it', { databases: {} }, 'there is none in it'],
    ['something else', { databases: 'app' }, 'it must be an object'],
    ['an entry that is none', { databases: { app: 'pg' } }, 'databases.app: it must be a configuration'],
    ['a map in a map', { databases: { app: { databases: {} } } }, 'another "databases"'],
    ['a name that is a way out of the folder', { databases: { '../app': pg } }, '"../app" cannot be a name'],
    ['a connection of its own beside it', { connection: 'x', databases: { app: pg } }, 'it stands beside "databases"'],
    ['environments beside it', { databases: { app: pg }, development: pg }, 'beside the environments "development"'],
  ])('with %s is refused', (_, content, problem) => {
    const failure = failureOf(() => choose(content, { database: 'app' }))
    expect(failure.code).toBe('REV_CONFIG_INVALID_DATABASES')
    expect(failure.message).toContain(problem)
  })

  it('in place of environments knows no --env, and takes what all share', () => {
    expect(failureOf(() => choose(map, { database: 'app', env: 'test' })).code).toBe('REV_CONFIG_UNKNOWN_ENV')
    expect(choose({ ...map, pool: { min: 2 } }, { database: 'app' }).config).toEqual({ client: 'pg', pool: { min: 2 } })
  })
})

describe('a list of environments that are databases', () => {
  const content = { databases: ['app', 'analytics'], app: pg, analytics: { client: 'mysql2' }, other: pg }

  it('gives one of them, and says which belong together', () => {
    expect(choose(content, { database: 'analytics' })).toMatchObject({
      name: 'analytics',
      config: { client: 'mysql2' },
      databaseName: 'analytics',
      databaseNames: ['app', 'analytics'],
      sharedEnvironment: undefined,
    })
    expect(choose(content, { env: 'app' })).toMatchObject({ databaseName: 'app' })
    expect(choose(content, { environment: { REV_ENV: 'app', NODE_ENV: 'production' } }).name).toBe('app')
    expect(list(content)).toEqual(['app', 'analytics'])
  })

  it('has to be told which one is meant', () => {
    // NODE_ENV is there for other reasons.
    const environment = { NODE_ENV: 'production' }
    expect(failureOf(() => choose(content, { environment })).code).toBe('REV_CONFIG_DATABASE_NEEDED')
    expect(failureOf(() => choose(content, { database: 'other' })).code).toBe('REV_CONFIG_UNKNOWN_DATABASE')
    const both = failureOf(() => choose(content, { database: 'app', env: 'analytics' }))
    expect(both.message).toContain('--env is "analytics", and --database is "app"')
    const all = failureOf(() => list(content, { env: 'app' }))
    expect(all).toMatchObject({
      code: 'REV_CONFIG_INVALID_DATABASES',
      message: expect.stringContaining('--env is "app", and'),
    })
    expect(failureOf(() => choose(content, { environment: { REV_ENV: 'nix' } }))).toMatchObject({
      code: 'REV_CONFIG_UNKNOWN_ENV',
      details: { environment: 'nix', source: 'REV_ENV' },
    })
  })

  it.each([
    ['names that are not there', { databases: ['app', 'x', 5], app: pg }, ['"x"', '"5"']],
    ['nothing in it', { databases: [], app: pg }, ['none in it']],
    ['a name twice', { databases: ['app', 'app'], app: pg }, ['twice']],
  ])('with %s is refused', (_, broken, problems) => {
    const { code, message } = failureOf(() => list(broken))
    expect(code).toBe('REV_CONFIG_INVALID_DATABASES')
    for (const problem of problems) expect(message).toContain(problem)
  })
})

describe('environments that nobody has called databases', () => {
  const content = { development: pg, production: { client: 'mysql2' } }

  it('can be named one by one, and are never all', () => {
    expect(choose(content, { database: 'production' })).toMatchObject({
      name: 'production',
      databaseName: undefined,
      databaseNames: [],
    })
    expect(failureOf(() => choose(content, { database: 'test' }))).toMatchObject({
      code: 'REV_CONFIG_UNKNOWN_DATABASE',
      details: { databases: ['development', 'production'] },
    })
    expect(failureOf(() => list(content)).code).toBe('REV_CONFIG_NO_DATABASES')
    expect(failureOf(() => list(pg)).code).toBe('REV_CONFIG_NO_DATABASES')
  })

  it('are not chosen as a database when they have several', () => {
    const failure = failureOf(() =>
      choose(
        { ...content, development: { databases: { app: pg } } },
        { database: 'development', env: undefined, environment: { NODE_ENV: 'production' } },
      ),
    )
    expect(failure.code).toBe('REV_CONFIG_INVALID_DATABASES')
    expect(failure.message).toContain('--env development')
  })

  it('stay what they were without --database', () => {
    expect(choose(content)).toMatchObject({ name: 'development', config: pg, rev: undefined, databaseName: undefined })
    expect(choose(pg)).toMatchObject({ name: undefined, config: pg, databaseName: undefined })
    expect(failureOf(() => choose(pg, { database: 'app' })).message).toContain('it names none')
  })
})
