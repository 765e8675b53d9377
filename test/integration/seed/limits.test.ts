import createKnex from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { holdTable } from '../behaviour/held-table.ts'
import { recordsOf, seedText, shop } from './shop.ts'

// What a session waits for a lock, as the seed itself sees it: milliseconds.
const ASKS: Readonly<Record<TestDatabase['dialect'], string>> = {
  postgresql: `const { rows: [row] } = await knex.raw("select setting as ms from pg_settings where name = 'lock_timeout'")
    return Number(row.ms)`,
  mysql: `const [[row]] = await knex.raw('select @@session.lock_wait_timeout as a, @@session.innodb_lock_wait_timeout as b')
    return row.a === row.b ? row.a * 1000 : [row.a, row.b]`,
  sqlite: `const [row] = await knex.raw('PRAGMA busy_timeout')
    return row.timeout`,
}

describeEachDialect('the time limits of seeds', (db) => {
  beforeEach(() => db.empty())

  test.each([true, false])('are 5 s, the setting, or what the run was told (transaction: %s)', async (transaction) => {
    const head = { mode: 'always', transaction }
    const files = { 'a.mjs': seedText('a', ASKS[db.dialect], { head }) }
    const rev = await shop(db, files)
    const set = await shop(db, files, { config: { ...db.knexConfig(), rev: { tableLockTimeout: '7s' } } })
    const limit = async (of: typeof rev, options = {}) => (await of.seed.run(options)).seeds[0]?.value

    expect(await limit(rev)).toBe(5_000)
    expect(await limit(set)).toBe(7_000)
    expect(await limit(set, { tableLockTimeout: '8s' })).toBe(8_000)
  })

  test('are as before for whoever uses the connection afterwards', async () => {
    const knex = createKnex({ ...db.knexConfig(), pool: { min: 1, max: 1 } })
    onTestFinished(() => knex.destroy())
    const now = async (): Promise<unknown> => {
      if (db.dialect === 'sqlite') return (await knex.raw('pragma busy_timeout'))[0].timeout
      if (db.dialect === 'postgresql') return (await knex.raw('show lock_timeout')).rows[0].lock_timeout
      return (await knex.raw('select @@session.lock_wait_timeout + @@session.innodb_lock_wait_timeout as ms'))[0][0].ms
    }
    const before = await now()
    const rev = await shop(
      db,
      {
        'a.mjs': seedText('a', '', { head: { transaction: false } }),
        'b.mjs': seedText('b', `throw new Error('no')`),
      },
      { knex, settings: { tableLockTimeout: '9s' } },
    )

    expect(await errorOf(rev.seed.run())).toMatchObject({ code: 'REV_SEED_FAILED', details: { done: ['a'] } })

    expect(await now()).toBe(before)
  })

  test('end the wait for a lock with an error that names the limit, and leave nothing', async () => {
    const files = {
      'a.mjs': seedText('a', `await knex('countries').where({ code: 'AT' }).update({ name: 'Österreich' })`),
    }
    await shop(db, files)
    await db.knex()('countries').insert({ code: 'AT', name: 'Austria' })
    const { reporter, release } = await holdTable(db, 'countries', { holding: 'rows' })
    const rev = await shop(db, files, { reporter })

    const error = await errorOf(rev.seed.run({ tableLockTimeout: 300 }))

    expect(error).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: { limit: { name: 'tableLockTimeout', ms: 300, source: 'option' }, rolledBack: true },
    })
    expect(error.hint).toMatch(/^the time limit tableLockTimeout of 300 ms .*--table-lock-timeout 10m/)
    await release()
    expect(await recordsOf(db)).toEqual({})
    expect((await rev.seed.run()).seeds).toMatchObject([{ seed: 'a', rows: 1 }])
  })

  test('end a statement that takes too long, where the server can', async () => {
    const slow = db.dialect === 'postgresql' ? 'select pg_sleep(20)' : 'select sleep(20)'
    const rev = await shop(db, { 'a.mjs': seedText('a', `await knex.raw('${slow}')`) })

    const error = await errorOf(rev.seed.run({ statementTimeout: 200 }))

    if (db.dialect === 'sqlite') {
      expect(error).toMatchObject({ code: 'REV_DATABASE_STATEMENT_TIMEOUT', details: { revisions: ['a'] } })
      expect(await db.tables()).not.toContain('rev_seed')
      return
    }
    expect(error).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: { limit: { name: 'statementTimeout', ms: 200, source: 'option' } },
    })
    expect(error.hint).toContain('--statement-timeout 10m')
    expect(await recordsOf(db)).toEqual({})
  })

  test('hold for taking seeds back, too', async () => {
    const undo = `export async function undo(knex, context) {
      const ask = async () => {${ASKS[db.dialect]}}
      context.log(String(await ask()))
    }`
    const heard = recordingReporter()
    const rev = await shop(db, { 'a.mjs': seedText('a', '', { tail: undo }) }, { reporter: heard.report })
    await rev.seed.run()

    await rev.seed.undo({ names: ['a'], agree: async () => true, tableLockTimeout: '8s' })

    expect(heard.of('log')).toMatchObject([{ text: '8000' }])
  })
})
