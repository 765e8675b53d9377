import createKnex from 'knex'
import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { countriesOf, recordsOf, seedText, shop } from './shop.ts'

const upsert = (code: string): string =>
  `await context.upsert('countries', [{ code: '${code}', name: 'country ${code}' }], { key: 'code' })`

describeEachDialect('seeds beside what else a project sets', (db) => {
  beforeEach(() => db.empty())

  test('leave the revisions, their checks and their log alone', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', upsert('AT')), 'aaa.mjs': seedText('aaa', upsert('DE')) })
    await rev.seed.run()
    await rev.seed.undo({ names: ['aaa'] })

    expect(await rev.check({ database: true })).toMatchObject({ database: { compared: 2, notes: [] } })
    expect(await rev.doctor()).toMatchObject({ healthy: true })
    expect((await rev.upgrade()).steps).toEqual([])
    await rev.seed.undo({ names: ['a'] })
    await rev.downgrade({ target: 'base' })
    // What is left are tables of rev's own: the database counts as empty.
    await db.knex().schema.dropTable('rev_version')
    expect((await rev.upgrade()).steps).toHaveLength(2)
  })

  test('that lost their rows with a revision are named', async () => {
    const heard = recordingReporter()
    const rev = await shop(
      db,
      { 'a.mjs': seedText('a', upsert('AT'), { head: { depends_on: 'aaa' } }), 'b.mjs': seedText('b', '') },
      { reporter: heard.report },
    )
    const reverted = () => heard.of('notice').filter(({ code }) => code === 'REV_NOTICE_SEED_REVERTED')
    await rev.seed.run()
    await rev.seed.status()
    expect(reverted()).toEqual([])

    await rev.downgrade({ target: 'base' })
    await rev.upgrade()
    expect((await rev.seed.run()).seeds).toEqual([])
    await rev.seed.status()

    const notice = { code: 'REV_NOTICE_SEED_REVERTED', message: expect.stringContaining('rev seed run a --force') }
    expect(reverted()).toMatchObject([notice, notice])
    expect((await rev.seed.run({ names: ['a'], force: true })).seeds).toMatchObject([{ why: 'forced', rows: 1 }])
    await rev.seed.run()
    expect(reverted()).toHaveLength(2)
    await rev.seed.undo({ names: ['a'] })
    expect(await countriesOf(db)).toEqual([])
  })

  test('take the names of their tables from the version table', async () => {
    const rev = await shop(
      db,
      { 'a.mjs': seedText('a', upsert('AT')) },
      { config: { ...db.knexConfig(), rev: { versionTable: 'app' } } },
    )

    await rev.seed.run()

    expect((await db.tables()).filter((table) => table.startsWith('app'))).toEqual([
      'app',
      'app_event',
      'app_meta',
      'app_row',
      'app_seed',
      ...(db.dialect === 'mysql' ? ['app_step'] : []),
    ])
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'done' }])
  })

  test('work with names and rows that the project maps', async () => {
    const snake = (name = ''): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const mapRow = (row: unknown): unknown =>
      typeof row === 'object' && row !== null && !Array.isArray(row)
        ? Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value]))
        : row
    const config = {
      ...db.knexConfig(),
      wrapIdentifier: (name: string, wrap: (name: string) => string) => wrap(name === '*' ? name : snake(name)),
      postProcessResponse: (result: unknown) => (Array.isArray(result) ? result.map(mapRow) : result),
    }
    const rows = `[{ id: 1, name: 'Wien', country: 'AT', partOf: null }, { id: 2, name: 'Hietzing', country: 'AT', partOf: 1 }]`
    const rev = await shop(
      db,
      {
        'a.mjs': seedText('a', upsert('AT')),
        'b.mjs': seedText('b', `return context.upsert('cities', ${rows}, { key: 'id' })`, {
          head: { depends_on: 'a', mode: 'always' },
        }),
      },
      { config },
    )

    expect((await rev.seed.run()).seeds[1]?.value).toEqual({ inserted: 2, updated: 0, unchanged: 0 })
    expect((await rev.seed.run()).seeds[0]?.value).toEqual({ inserted: 0, updated: 0, unchanged: 2 })
    expect(await db.knex()('cities').orderBy('id').pluck('part_of')).toEqual([null, 1])
    await rev.seed.undo({ names: ['b'] })
    expect(await db.knex()('cities').pluck('id')).toEqual([])
  })

  test('may call helpers at the same time', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText(
        'a',
        `await Promise.all(['AT', 'DE', 'FR'].map((code) => context.upsert('countries', [{ code, name: code }], { key: 'code' })))`,
      ),
    })

    await rev.seed.run()

    expect(await countriesOf(db)).toEqual(['AT', 'DE', 'FR'])
    await rev.seed.undo({ names: ['a'] })
    expect(await countriesOf(db)).toEqual([])
  })

  test('keep keys of every type that tells rows apart', async () => {
    const rows = `[{ day: new Date(2026, 0, 31), number: 9007199254740993n, raw: Buffer.from([1, 255]), note: null }]`
    const rev = await shop(db, {
      'a.mjs': seedText('a', `return context.upsert('days', ${rows}, { key: ['day', 'number', 'raw'] })`, {
        head: { mode: 'always' },
      }),
    })
    await db.knex().schema.createTable('days', (table) => {
      table.date('day').notNullable()
      table.bigInteger('number').notNullable()
      table.binary('raw', 8).notNullable()
      table.string('note')
    })

    expect((await rev.seed.run()).seeds[0]?.value).toEqual({ inserted: 1, updated: 0, unchanged: 0 })
    expect((await rev.seed.run()).seeds[0]?.value).toEqual({ inserted: 0, updated: 0, unchanged: 1 })
    await rev.seed.undo({ names: ['a'] })
    expect(await db.knex()('days')).toEqual([])
  })

  test('join a transaction of the caller, and go with it', async () => {
    if (db.dialect === 'mysql') return
    const rev = await shop(db, { 'a.mjs': seedText('a', upsert('AT')) })
    const knex = createKnex(db.knexConfig())
    try {
      const trx = await knex.transaction()
      const { createRev } = await import('../../../src/index.ts')
      const joined = createRev({ directory: rev.project.path, knex: trx })
      expect((await joined.seed.run()).seeds).toHaveLength(1)
      await trx.rollback()
      expect(await countriesOf(db)).toEqual([])
      expect((await rev.seed.run()).seeds).toHaveLength(1)
    } finally {
      await knex.destroy()
    }
  })
})

describeEachDialect(
  'seeds under a lease',
  (db) => {
    beforeEach(() => db.empty())

    test('run once, and their batches prove that the lease is theirs', async () => {
      const rev = await shop(
        db,
        {
          'a.mjs': seedText('a', upsert('AT')),
          'b.mjs': seedText(
            'b',
            `await context.inBatches(['DE', 'FR'], 1, (codes) => context.upsert('countries', codes.map((code) => ({ code, name: code })), { key: 'code' }))`,
            {
              head: { transaction: false },
            },
          ),
        },
        { config: { ...db.knexConfig(), rev: { lock: 'lease' } } },
      )

      const results = await Promise.all([rev.seed.run(), rev.seed.run()])

      expect(results.map(({ seeds }) => seeds.length).sort()).toEqual([0, 2])
      expect(await recordsOf(db)).toEqual({ a: 'done', b: 'done' })
    })

    test('are refused when their files are broken, before anything is locked', async () => {
      const rev = await shop(
        db,
        { 'a.mjs': 'export const mode = 1\n' },
        { config: { ...db.knexConfig(), rev: { lock: 'lease' } } },
      )

      expect(await errorOf(rev.seed.run())).toMatchObject({ code: 'REV_SEED_INVALID' })
    })
  },
  { only: ['postgresql', 'mysql'] },
)
