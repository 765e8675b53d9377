import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { spareDatabase } from '../support/spare-database.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const SQLITE = { client: 'better-sqlite3', connection: { filename: './data/dev.sqlite3' }, useNullAsDefault: true }

function project(config: object = SQLITE): TempProject {
  const environments = { development: config, production: { ...config, rev: { protected: true } } }
  const created = createTempProject({ files: { 'knexfile.json': JSON.stringify(environments) } })
  created.revision(creates('things', null))
  created.write(
    'seeds/1_base.mjs',
    `export const seed = 'base'\nexport async function run(knex, { upsert }) {\n  await upsert('things', [{ id: 1 }], { key: 'id' })\n  return { secret: 'hunter2' }\n}\n`,
  )
  return created
}

describeEachDialect('the life of a database on the command line', (db) => {
  it('goes from nothing to a seeded database and back', async () => {
    const spare = spareDatabase(db)
    const { rev } = project(spare.knexConfig())

    expect(await rev(['db', 'ping'])).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(/REV_DATABASE_CONNECT_FAILED[\s\S]*hint: .*rev db create/),
    })
    expect((await rev(['db', 'wait', '--timeout', '30s'])).stdout).toMatch(/is not there yet .*rev db create\n$/)
    expect((await rev(['setup'])).stdout).toMatch(
      /^created .*\nupgrade: 1 step done, the database is at things\nseed run: 1 seed done, 1 row written in .*\n$/,
    )
    expect((await rev(['db', 'ping'])).stdout).toMatch(/ answers: \S+ \d+\.\d\S*.*, \d+(\.\d)? m?s\n$/)
    expect((await rev(['db', 'wait', '-q'])).stdout).toBe('')
    expect((await rev(['setup'])).stdout).toMatch(
      / is there already\nnothing to do for upgrade: .*\nnothing to do for seed run: /,
    )

    const unasked = await rev(['reset'])
    expect(unasked).toMatchObject({ code: 2, stdout: '' })
    expect(unasked.stderr).toMatch(/reset drops from .*things[\s\S]*REV_LIFE_UNCONFIRMED[\s\S]*hint: .*--force/)
    expect((await rev(['reset', '--force'])).stdout).toMatch(
      /^dropped \d+ objects in .*\n.* is there already\nupgrade: 1 step done.*\nseed run: 1 seed done/,
    )
    expect((await rev(['reset', '--drop-database', '--force', '--no-seed'])).stdout).toMatch(
      /^dropped .*\ncreated .*\nupgrade: 1 step done.*\n$/,
    )

    expect((await rev(['db', 'dump', '--output', 'out/schema.sql'])).stdout).toMatch(
      /^wrote the schema of .* to .*schema\.sql\n$/,
    )
    expect((await rev(['db', 'dump', '--output', 'out/schema.sql'])).stdout).toMatch(/schema\.sql is as it was\n$/)

    if (db.dialect === 'mysql') {
      const nowhere = await rev(['db', 'dump', '--output', 'out/schema.sql'], { env: { TMPDIR: '/nowhere' } })
      expect(nowhere).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error REV_FILE_WRITE_FAILED: .*TMPDIR/m),
      })
    }

    const inProduction = (...words: string[]) => rev([...words, '--env', 'production'])
    expect(await inProduction('db', 'drop', '--force')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--yes-i-mean ${spare.name}`),
    })
    expect((await inProduction('reset', '--yes-i-mean', spare.name)).stdout).toMatch(
      /\nno seeds: the environment is protected/,
    )
    expect((await inProduction('db', 'drop', '--yes-i-mean', `${spare.name}x`)).code).toBe(2)
    expect(await spare.exists()).toBe(true)
    expect((await rev(['db', 'drop', '--force'])).stdout).toMatch(/^dropped /)
    expect(await spare.exists()).toBe(false)
    expect(await rev(['db', 'drop', '--force'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^nothing to drop: /),
    })
  })
})

describe('as JSON', () => {
  it('has the shapes that are documented, and no secret', async () => {
    const { rev, path } = project()
    const json = async (...words: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await rev([...words, '--json', '-q'])).stdout)
    const database = `${path}/data/dev.sqlite3`
    const reached = { database, server: 'SQLite', version: expect.any(String) }

    expect(await json('db', 'wait')).toEqual({
      ...{ rev: 1, command: 'db wait', database, exists: false, server: null, version: null },
      waitedMs: expect.any(Number),
    })
    expect(await json('db', 'create')).toEqual({ rev: 1, command: 'db create', ...reached, created: true })
    expect(await json('db', 'ping')).toEqual({ rev: 1, command: 'db ping', ...reached, ms: expect.any(Number) })
    const setup = await json('setup')
    expect(setup).toEqual({
      ...{ rev: 1, command: 'setup', ...reached, created: false, noSeeds: null },
      upgrade: { runId: expect.any(String), before: [], rows: ['things'], steps: [expect.any(Object)] },
      seed: { runId: expect.any(String), seeds: [expect.any(Object)], left: [] },
    })
    expect(JSON.stringify(setup)).not.toContain('hunter2')
    expect(await json('reset', '--force', '--no-seed')).toMatchObject({
      command: 'reset',
      dropped: expect.arrayContaining([{ kind: 'table', schema: 'main', name: 'things' }]),
      droppedDatabase: false,
      seed: null,
      noSeeds: 'no-seed',
    })
    expect(await json('db', 'dump')).toEqual({
      ...{ rev: 1, command: 'db dump', database, changed: true, rows: ['things'], program: null },
      file: `${path}/schema.sql`,
    })
    expect(await json('db', 'drop')).toMatchObject({
      command: 'db drop',
      error: { code: 'REV_LIFE_UNCONFIRMED', exit: 2, details: { isProtected: false } },
    })
    expect(await json('db', 'drop', '--force')).toEqual({ rev: 1, command: 'db drop', database, dropped: true })
    expect(existsSync(`${database}-rev-lock`)).toBe(false)
  })
})

describe('clumsy use', () => {
  it.each([
    [['db'], 2, 'REV_USAGE_MISSING_ARGUMENT'],
    [['db', 'craete'], 2, 'rev db create'],
    [['db', 'create', 'shop'], 2, 'REV_USAGE_TOO_MANY_ARGUMENTS'],
    [['db', 'drop', '--yes'], 2, 'REV_USAGE_UNKNOWN_OPTION'],
    [['db', 'wait', '--timeout', 'soon'], 2, 'REV_CONFIG_INVALID_DURATION'],
    [['db', 'dump', '--split'], 2, 'REV_USAGE_UNKNOWN_OPTION'],
    [['db', 'dump'], 1, 'REV_DATABASE_CONNECT_FAILED'],
    [['upgrade', '--output', 'up.sql'], 2, 'REV_USAGE_NEEDS_OPTION'],
    [['setup', 'nowhere'], 1, 'REV_GRAPH_UNKNOWN_REVISION'],
    [['reset', '--no-seed=yes', '--force'], 2, 'REV_USAGE_UNEXPECTED_VALUE'],
    [['db', 'drop', '--wait', '--lock-timeout', '5s', '--force'], 2, 'REV_USAGE_CONFLICTING_OPTIONS'],
  ])('%j ends with %i and says what is wrong', async (words, code, said) => {
    const { rev } = project()
    const ended = await rev(words)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(said)
  })

  it('drops nothing that is no database, and says so of a file that is none', async () => {
    const { rev, path, write } = project()
    write('data/dev.sqlite3', 'a letter to my aunt, which is long enough to be read as the head of a file')
    expect((await rev(['db', 'create'])).code).toBe(1)
    expect((await rev(['db', 'ping'])).stderr).toContain('file is not a database')
    expect((await rev(['db', 'drop', '--force'])).code).toBe(1)
    expect(readFileSync(`${path}/data/dev.sqlite3`, 'utf8')).toContain('my aunt')
  })

  it('has nothing to drop of a database in memory', async () => {
    const { rev } = project({ ...SQLITE, connection: { filename: ':memory:' } })
    expect(await rev(['db', 'drop'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nothing to drop: /) })
  })

  it('says why a file cannot be created', async () => {
    const { rev, write } = project()
    write('data', 'not a folder')
    const ended = await rev(['setup'])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/REV_LIFE_NOT_CREATED|REV_DATABASE_CONNECT_FAILED/)
  })
})
