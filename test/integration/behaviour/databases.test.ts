import { beforeEach, expect, test } from 'vitest'
import { type CreateRevOptions, createRev, type RevEvent } from '../../../src/index.ts'
import { errorOf, rowsOf } from '../../support/behaviour.ts'
import { describeSideBySide } from '../../support/databases.ts'
import { createTempProject, revisionSource } from '../../support/temp-project.ts'

describeSideBySide('several databases in a program', (dbs) => {
  beforeEach(async () => {
    for (const db of Object.values(dbs)) await db.empty()
  })

  function open(options: CreateRevOptions = {}) {
    const { write, path } = createTempProject()
    write('versions/app/a1.ts', revisionSource({ revision: 'a1', upgrade: `context.log('a1')` }))
    write('versions/app/a2.ts', revisionSource({ revision: 'a2', down: 'a1' }))
    write('versions/analytics/c1.ts', revisionSource({ revision: 'c1' }))
    const databases = {
      app: dbs.postgresql.knexConfig(),
      analytics: dbs.mysql.knexConfig(),
      archive: dbs.sqlite.knexConfig(),
    }
    write(
      'versions/archive/d1.ts',
      revisionSource({ revision: 'd1', upgrade: `if (context.x.fail) throw new Error('no room')` }),
    )
    return { write, rev: createRev({ directory: path, config: { databases }, ...options }) }
  }

  test('are gone through by name, or all', async () => {
    const events: RevEvent[] = []
    const { rev } = open({ reporter: (event) => events.push(event) })

    expect(await rev.databases.names()).toEqual(['app', 'analytics', 'archive'])
    const some = await rev.databases.upgrade({ target: 'head', databases: ['archive', 'app'] })
    expect(some).toMatchObject({
      command: 'upgrade',
      ok: true,
      databases: [
        { database: 'archive', state: 'done', result: { command: 'upgrade', rows: ['d1'] }, error: undefined },
        { database: 'app', state: 'done', result: { rows: ['a2'] } },
      ],
    })
    expect(events.filter(({ type }) => type === 'database:start')).toEqual([
      { type: 'database:start', database: 'archive', index: 0, total: 2 },
      { type: 'database:start', database: 'app', index: 1, total: 2 },
    ])
    expect(events.filter(({ type }) => type === 'log')).toHaveLength(1)

    await rev.databases.upgrade()
    expect(await rowsOf(dbs.mysql)).toEqual(['c1'])
    const current = await rev.databases.current()
    expect(current.databases.map(({ result }) => result?.rows)).toEqual([['a2'], ['c1'], ['d1']])
    expect((await rev.databases.check({ database: true })).ok).toBe(true)
    expect((await rev.databases.status()).databases.every(({ result }) => result?.ok)).toBe(true)
    expect((await rev.databases.downgrade({ target: 'base' })).ok).toBe(true)
    expect((await rev.databases.setup()).databases.map(({ result }) => result?.noSeeds)).toEqual(
      Array(3).fill('no-folder'),
    )
  })

  test('are set up as far as was asked for, also by turns', async () => {
    const { rev, write } = open()
    const requires = (database: string, revision: string) =>
      `export const requires = ${JSON.stringify([{ database, revision }])}`
    write('versions/app/a2.ts', revisionSource({ revision: 'a2', down: 'a1', extra: requires('analytics', 'c1') }))
    write('versions/app/a3.ts', revisionSource({ revision: 'a3', down: 'a2', extra: requires('analytics', 'c3') }))
    write('versions/analytics/c1.ts', revisionSource({ revision: 'c1', extra: requires('app', 'a1') }))
    write('versions/analytics/c2.ts', revisionSource({ revision: 'c2', down: 'c1' }))

    // What is required beyond the target is not asked for.
    const setup = await rev.databases.setup({ databases: ['app', 'analytics'], target: '+2' })

    expect(setup.databases.map(({ database, result }) => [database, result?.upgrade.rows])).toEqual([
      ['app', ['a1']],
      ['analytics', ['c2']],
      ['app', ['a2']],
    ])
    await rev.databases.downgrade({ databases: ['app', 'analytics'], target: '-2' })
    expect(await rowsOf(dbs.postgresql)).toEqual([])
    expect(await rowsOf(dbs.mysql)).toEqual([])
  })

  test('are one error when not all of them are done, which says what is', async () => {
    const { rev } = open()

    const error = await errorOf(
      rev.databases.upgrade({ databases: ['app', 'archive', 'analytics'], x: { fail: 'yes' } }),
    )
    expect(error).toMatchObject({
      code: 'REV_DATABASES_FAILED',
      cause: { code: 'REV_STEP_FAILED' },
      details: {
        command: 'upgrade',
        databases: [
          { database: 'app', state: 'done', code: undefined },
          { database: 'archive', state: 'failed', code: 'REV_STEP_FAILED', reason: expect.stringContaining('no room') },
          { database: 'analytics', state: 'not-run', code: undefined },
        ],
      },
    })
    expect(await rowsOf(dbs.postgresql)).toEqual(['a2'])
    expect(await dbs.mysql.tables()).toEqual([])

    await errorOf(
      rev.databases.upgrade({ databases: ['archive', 'analytics'], x: { fail: 'yes' }, continueOnError: true }),
    )
    expect(await rowsOf(dbs.mysql)).toEqual(['c1'])
  })

  test('stop at a signal, also when they are to go on after errors', async () => {
    const controller = new AbortController()
    const { rev } = open({
      reporter: (event) => {
        if (event.type === 'log') controller.abort()
      },
    })

    const error = await errorOf(rev.databases.upgrade({ signal: controller.signal, continueOnError: true }))

    expect(error).toMatchObject({
      code: 'REV_DATABASES_FAILED',
      details: {
        databases: [
          { database: 'app', state: 'failed', code: 'REV_INTERRUPTED' },
          { database: 'analytics', state: 'not-run' },
          { database: 'archive', state: 'not-run' },
        ],
      },
    })
    expect(await dbs.mysql.tables()).toEqual([])
  })

  test('of which one is meant need its name, and that one keeps what it requires of the others', async () => {
    const { write } = open()
    write(
      'versions/app/a3.ts',
      revisionSource({
        revision: 'a3',
        down: 'a2',
        extra: `export const requires = { database: 'analytics', revision: 'c1' }`,
      }),
    )
    const directory = write('x', '').slice(0, -2)
    const config = { databases: { app: dbs.postgresql.knexConfig(), analytics: dbs.mysql.knexConfig() } }

    expect((await errorOf(createRev({ directory, config }).heads())).code).toBe('REV_CONFIG_DATABASE_NEEDED')
    expect((await errorOf(createRev({ directory, config, database: 'x' }).heads())).code).toBe(
      'REV_CONFIG_UNKNOWN_DATABASE',
    )
    const rev = createRev({ directory, config, database: 'app' })
    expect((await rev.show({ revision: 'a3' })).revisions[0]?.requires).toEqual([
      { database: 'analytics', revision: 'c1' },
    ])
    expect((await rev.plan({ direction: 'upgrade' })).steps.map(({ requires }) => requires.length)).toEqual([0, 0, 1])
    expect((await errorOf(rev.upgrade())).code).toBe('REV_REQUIREMENT_UNMET')
    await createRev({ directory, config, database: 'analytics' }).upgrade()
    expect((await rev.upgrade()).rows).toEqual(['a3'])
    expect(
      (await errorOf(createRev({ directory, config, database: 'analytics' }).downgrade({ target: 'base' }))).code,
    ).toBe('REV_REQUIREMENT_HELD')
  })

  test('have no names where one instance is handed in, and a requirement says so', async () => {
    const { write } = open()
    const directory = write('x', '').slice(0, -2)
    write(
      'versions/e1.ts',
      revisionSource({ revision: 'e1', extra: `export const requires = { database: 'analytics', revision: 'c1' }` }),
    )
    const rev = createRev({ directory, knex: dbs.sqlite.knex(), settings: { versionLocations: 'versions' } })

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_REQUIREMENT_UNKNOWN')
    expect(error.message).toContain('no names for databases')
    expect((await errorOf(rev.databases.names())).code).toBe('REV_CONFIG_NO_DATABASES')
  })

  test('refuse a requirement that is none', async () => {
    const { write } = open()
    write(
      'versions/analytics/c2.ts',
      revisionSource({
        revision: 'c2',
        down: 'c1',
        extra: `export const requires = [{ database: 'app', revision: 5 }]`,
      }),
    )
    const directory = write('x', '').slice(0, -2)
    const config = { databases: { app: dbs.postgresql.knexConfig(), analytics: dbs.mysql.knexConfig() } }

    const error = await errorOf(createRev({ directory, config, database: 'analytics' }).upgrade())

    expect(error.message).toMatch(
      /"requires" must be a list such as .*, there is an object with "database", "revision"/,
    )
    expect(await dbs.mysql.tables()).toEqual([])
  })
})
