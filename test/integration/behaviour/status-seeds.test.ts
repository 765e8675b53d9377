import { randomBytes } from 'node:crypto'
import createKnex, { type Knex } from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createRev, type SeedStatus, type StatusResult } from '../../../src/index.ts'
import { errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { REVISIONS, seedText, shop } from '../seed/shop.ts'

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const upsert = (code: string): string =>
  `await context.upsert('countries', [{ code: '${code}', name: 'country ${code}' }], { key: 'code' })`

const statesOf = ({ seeds }: StatusResult): string[] => seeds.map(({ seed, state }) => `${seed} ${state}`)
const oneOf = ({ seeds }: StatusResult, name: string): SeedStatus => {
  const found = seeds.find(({ seed }) => seed === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

/** Every text that is sent through connections of this configuration. */
function listened(config: Knex.Config, sent: string[]): Knex.Config {
  const afterCreate = (connection: Record<string, unknown>, done: (error: null, connection: unknown) => void): void => {
    for (const name of ['query', 'execute', 'prepare']) {
      const send = connection[name]
      if (typeof send !== 'function') continue
      connection[name] = (first: unknown, ...rest: unknown[]): unknown => {
        const { text, sql } = Object(first) as { text?: unknown; sql?: unknown }
        sent.push(String(text ?? sql ?? first))
        return send.call(connection, first, ...rest)
      }
    }
    done(null, connection)
  }
  return { ...config, pool: { ...config.pool, afterCreate } }
}

describeEachDialect('the status of seeds', (db) => {
  beforeEach(() => db.empty())

  const withNames = {
    '1_cities.mjs': seedText('cities', `await knex('cities').insert({ id: 1, name: 'Wien', country: 'AT' })`, {
      head: { depends_on: ['countries', 'bbb'] },
    }),
    '2_demo.mjs': seedText('demo', upsert('DE'), { head: { environments: ['development'] } }),
    '3_countries.mjs': seedText('countries', upsert('AT'), { head: { message: 'all of them', mode: 'onchange' } }),
    '4_power.mjs': seedText('power', upsert('FR'), { head: { scenario: 'power-user' } }),
    '5_always.mjs': seedText('each', '', { head: { mode: 'always' } }),
  }

  test('comes behind that of the revisions, in the order in which they run, and changes nothing about its end', async () => {
    const rev = await shop(db, withNames)

    const before = await rev.status()

    expect(before.revisions.map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED'])
    expect(statesOf(before)).toEqual(['demo elsewhere', 'countries new', 'cities new', 'power new', 'each new'])
    expect(before).toMatchObject({
      ok: true,
      seedTable: 'missing',
      hasSeedFiles: true,
      environment: undefined,
      seedCounts: { new: 4, elsewhere: 1, done: 0 },
    })
    expect(await db.tables()).not.toContain('rev_seed')

    const { runId } = await rev.seed.run({ reason: 'ticket 7' })
    const after = await rev.status()

    expect(statesOf(after)).toEqual(['demo elsewhere', 'countries done', 'cities done', 'power new', 'each always'])
    expect(after).toMatchObject({
      ok: true,
      seedTable: 'read',
      seedCounts: { done: 2, always: 1, new: 1, elsewhere: 1 },
    })
    expect(oneOf(after, 'countries')).toMatchObject({
      message: 'all of them',
      file: expect.stringMatching(/3_countries\.mjs$/),
      mode: 'onchange',
      dependsOn: [],
      environments: undefined,
      last: { when: expect.stringMatching(ISO), state: 'done', ms: expect.any(Number), rows: 1 },
      event: { runId, direction: 'seed', outcome: 'done', reason: 'ticket 7', osUser: expect.any(String) },
      appliedSince: [],
    })
    expect(oneOf(after, 'power')).toMatchObject({ scenarios: ['power-user'], last: undefined, event: undefined })
  })

  test('leaves out with `pending` what is done, elsewhere, or waits to be named, and counts it', async () => {
    const rev = await shop(db, withNames)
    await rev.seed.run()
    rev.project.write('seeds/3_countries.mjs', withNames['3_countries.mjs'].replace("'AT'", "'CH'"))

    const result = await rev.status({ pending: true })

    expect(result.revisions).toEqual([])
    expect(statesOf(result)).toEqual(['countries changed', 'each always'])
    expect(result.seedCounts).toMatchObject({ done: 1, changed: 1, always: 1, new: 1, elsewhere: 1 })
  })

  test('tells of files that were edited or are gone, and of seeds that were stamped', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', upsert('AT')), 'b.mjs': seedText('b', upsert('DE')) })
    await rev.seed.run()
    rev.project.clear('seeds/b.mjs')
    rev.project.write('seeds/a.mjs', seedText('a', upsert('CH')))
    rev.project.write('seeds/c.mjs', seedText('c', upsert('FR')))
    await rev.seed.stamp({ names: ['c'] })

    const result = await rev.status()

    expect(statesOf(result)).toEqual(['a edited', 'c done', 'b gone'])
    expect(oneOf(result, 'c').last).toMatchObject({ state: 'stamped' })
    expect(oneOf(result, 'b')).toMatchObject({ file: undefined, message: undefined, last: { rows: 1 } })
    expect(statesOf(await rev.status({ pending: true }))).toEqual(['a edited', 'b gone'])
  })

  test('tells of a run that failed, which is none of a revision with the same name', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('bbb', `await knex('nowhere').insert({ id: 1 })`) })
    await rev.downgrade({ target: 'aaa' })
    rev.project.revision({ revision: 'ccc', down: 'aaa', upgrade: `throw new Error('not yet')` })
    rev.project.write('seeds/c.mjs', seedText('ccc', ''))
    await errorOf(rev.upgrade({ target: 'ccc' }))
    await errorOf(rev.seed.run({ names: ['bbb'] }))
    await rev.seed.run({ names: ['ccc'] })

    const result = await rev.status()

    expect(statesOf(result)).toEqual(['bbb new', 'ccc done'])
    expect(oneOf(result, 'bbb').event).toMatchObject({
      direction: 'seed',
      outcome: 'failed',
      error: expect.stringContaining('nowhere'),
    })
    expect(result.revisions.map(({ revision, state }) => `${revision} ${state}`).sort()).toEqual([
      'aaa APPLIED',
      'bbb REVERTED',
      'ccc FAILED',
    ])
    // Without the files a seed is no revision, either.
    rev.project.write('versions/broken.ts', 'export const revision = ')
    const without = await rev.status()
    expect(without.revisions.map(({ revision }) => revision).sort()).toEqual(['aaa', 'bbb', 'ccc'])
    expect(statesOf(without)).toEqual(['bbb new', 'ccc done'])
  })

  test('names what was applied after a seed ran that depends on it', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', upsert('AT'), { head: { depends_on: 'aaa' } }) })
    await rev.seed.run()
    expect(oneOf(await rev.status(), 'a').appliedSince).toEqual([])
    await rev.downgrade({ target: 'base' })
    await rev.upgrade()

    const result = await rev.status({ pending: true })

    expect(result.ok).toBe(true)
    expect(result.seeds).toMatchObject([{ seed: 'a', state: 'done', appliedSince: ['aaa'] }])
  })

  test('does not take for waiting what may never run in a protected environment', async () => {
    const rev = await shop(
      db,
      { 'a.mjs': seedText('a', '', { head: { tags: 'demo' } }), 'b.mjs': seedText('b', '') },
      {
        config: { ...db.knexConfig(), rev: { protected: true } },
      },
    )

    expect(statesOf(await rev.status())).toEqual(['a elsewhere', 'b new'])
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'elsewhere' }, { state: 'new' }])
  })

  test('is not asked for with a target, or where there are no seeds', async () => {
    const sent: string[] = []
    const config = listened(db.knexConfig(), sent)
    const rev = await shop(db, { 'a.mjs': seedText('a', '') }, { config })
    await rev.seed.run()
    const asked = async (options = {}): Promise<boolean> => {
      sent.length = 0
      const { seeds, seedTable } = await rev.status(options)
      const about = sent.filter((sql) => sql.includes('rev_version'))
      expect(about.length).toBeGreaterThan(0)
      expect(seeds.length > 0).toBe(seedTable !== undefined)
      return sent.some((sql) => sql.includes('rev_seed'))
    }

    expect(await asked()).toBe(true)
    expect(await asked({ target: 'head' })).toBe(false)
    rev.project.clear('seeds/a.mjs')
    expect(await asked()).toBe(false)
    rev.project.clear('seeds')
    expect(await asked()).toBe(false)
  })

  test('goes on without the files of seeds, and says so', async () => {
    const heard = recordingReporter()
    const rev = await shop(db, { 'a.mjs': seedText('a', upsert('AT')) }, { reporter: heard.report })
    await rev.seed.run()
    rev.project.write('seeds/b.mjs', 'export const mode = 1\n')

    const result = await rev.status()

    expect(result).toMatchObject({ ok: true, hasSeedFiles: false, seedTable: 'read', seedCounts: { done: 1 } })
    expect(result.seeds).toMatchObject([{ seed: 'a', state: 'done', file: undefined, last: { rows: 1 } }])
    expect(heard.of('notice').map(({ code }) => code)).toContain('REV_NOTICE_WITHOUT_SEEDS')
    expect(await errorOf(rev.seed.status())).toMatchObject({ code: 'REV_SEED_INVALID' })
  })

  test('goes on without the files of revisions that seeds depend on', async () => {
    const rev = await shop(db, withNames)
    await rev.seed.run()
    rev.project.write('versions/broken.ts', 'export const revision = ')

    const result = await rev.status()

    expect(result).toMatchObject({ hasFiles: false, hasSeedFiles: true, ok: false })
    expect(oneOf(result, 'cities')).toMatchObject({ state: 'done', dependsOn: ['countries', 'bbb'] })
  })

  test('goes on where the table of seeds is another one than expected', async () => {
    const rev = await shop(db, withNames)
    await rev.seed.run()
    await db.knex()('rev_seed').where({ seed: 'cities' }).update({ positions: 'no JSON' })
    expect(await rev.status()).toMatchObject({ ok: true, seedTable: 'unreadable' })
    await db.knex()('rev_seed').where({ seed: 'cities' }).update({ positions: null })
    expect(await rev.status()).toMatchObject({ ok: true, seedTable: 'read' })
    await db.knex().schema.alterTable('rev_seed', (table) => table.renameColumn('seeded_at', 'at'))

    const result = await rev.status()

    expect(result).toMatchObject({ ok: true, seedTable: 'unreadable', seedCounts: { unknown: 4, elsewhere: 1 } })
    expect(oneOf(result, 'cities')).toMatchObject({ state: 'unknown', last: undefined, event: { outcome: 'done' } })
  })

  test('is there in a database that rev never touched, and makes nothing', async () => {
    const rev = openRev(db, REVISIONS)
    rev.project.write('seeds/a.mjs', seedText('a', ''))

    expect(await rev.status()).toMatchObject({
      exists: false,
      seedTable: 'missing',
      seeds: [{ seed: 'a', state: 'new' }],
    })
    expect(await db.tables()).toEqual([])
  })
})

describeEachDialect(
  'the status of seeds without the right to read it',
  (db: TestDatabase) => {
    test('is unknown, and the rest is told; a transaction of the caller goes on', async () => {
      await db.empty()
      const rev = await shop(db, { 'a.mjs': seedText('a', '') })
      await rev.seed.run()
      const isPg = db.dialect === 'postgresql'
      const user = `rev_test_user_${randomBytes(4).toString('hex')}`
      const all = (...statements: string[]) =>
        statements.reduce<Promise<unknown>>((before, sql) => before.then(() => db.knex().raw(sql)), Promise.resolve())
      const readable = ['rev_version', 'rev_event', 'rev_meta', ...(isPg ? [] : ['rev_step'])]
      onTestFinished(async () => {
        await all(...(isPg ? [`drop owned by ${user}`, `drop role ${user}`] : [`drop user ${user}`]))
      })
      await all(
        isPg ? `create role ${user} login password 'secret'` : `create user ${user} identified by 'secret'`,
        ...(isPg ? [`grant usage on schema public to ${user}`] : []),
        ...readable.map((table) => `grant select on ${table} to ${user}`),
        // Seen, and not to be read.
        `grant insert on rev_seed to ${user}`,
      )
      const { connection, ...config } = db.knexConfig()
      const theirs = createKnex({ ...config, connection: { ...Object(connection), user, password: 'secret' } })
      try {
        const look = (knex: Knex) => createRev({ directory: rev.project.path, knex }).status()
        expect(await look(theirs)).toMatchObject({
          ok: true,
          readable: true,
          seedTable: 'unreadable',
          seeds: [{ seed: 'a', state: 'unknown' }],
        })
        if (!isPg) return
        const trx = await theirs.transaction()
        expect(await look(trx)).toMatchObject({ seedTable: 'unreadable' })
        expect((await trx('rev_version').select()).length).toBe(1)
        await trx.rollback()
      } finally {
        await theirs.destroy()
      }
    })
  },
  { only: ['postgresql', 'mysql'] },
)
