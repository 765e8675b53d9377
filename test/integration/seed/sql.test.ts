import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { countriesOf, recordsOf, seedText, shop } from './shop.ts'

describeEachDialect('seeds as a script', (db) => {
  beforeEach(() => db.empty())
  type Rev = Awaited<ReturnType<typeof shop>>
  const scriptOf = async (rev: Rev, names: readonly string[] = []): Promise<string> => {
    let script = ''
    const result = await rev.seed.sql({
      names,
      write: (text) => {
        script += text
      },
    })
    expect(result).toMatchObject({ command: 'sql', direction: 'seed', from: ['bbb'], rows: ['bbb'] })
    return script
  }
  const SEEDS = {
    '1_countries.json': JSON.stringify({
      seed: 'countries',
      mode: 'onchange',
      table: 'countries',
      key: 'code',
      rows: [
        { code: 'AT', name: "What; it's? \\ \n ü", people: 9 },
        { code: 'DE', name: 'Germany', people: null },
      ],
    }),
    '2_cities.mjs': seedText(
      'cities',
      `await context.inBatches([1, 2, 3], 2, (ids) => context.upsert('cities', ids.map((id) => ({ id, name: 'city ' + id, country: 'AT' })), { key: 'id' }))
      await context.insertMissing('countries', [{ code: 'DE', name: 'other' }, { code: 'FR', name: 'France', landlocked: false }], { key: 'code' })`,
      { head: { depends_on: ['countries', 'bbb'] } },
    ),
    '3_more.sql': `-- seed: more\n-- depends_on: countries\nupdate countries set people = 80 where code = 'DE';\n`,
  }

  test('leave what a run leaves, and are recorded', async () => {
    const rev = await shop(db, SEEDS)
    await db.knex()('countries').insert({ code: 'DE', name: 'old', people: 1 })
    await rev.seed.run()
    const wanted = await db.dump()
    await db.empty()
    await rev.upgrade()
    await db.knex()('countries').insert({ code: 'DE', name: 'old', people: 1 })

    const script = await scriptOf(rev)
    const ran = await db.client(script)

    expect(ran, ran.stderr).toMatchObject({ code: 0 })
    expect(await db.dump()).toBe(wanted)
    expect(await recordsOf(db)).toEqual({ countries: 'scripted', cities: 'scripted', more: 'scripted' })
    expect((await rev.seed.run()).seeds).toEqual([])
    expect((await rev.seed.status()).seeds.map(({ state }) => state)).toEqual(['done', 'done', 'done'])
    const { runs } = await rev.log()
    expect(runs[0]).toMatchObject({ direction: 'seed', outcome: 'done', byScript: true })
    expect(runs[0]?.events.map(({ revision }) => revision)).toEqual(['countries', 'cities', 'more'])
    expect(await rev.check({ database: true })).toMatchObject({ database: { notes: [] } })
    expect(await errorOf(rev.seed.undo({ names: ['cities'] }))).toMatchObject({ code: 'REV_SEED_NO_UNDO' })
    expect(script).toContain('seeds: 3')
  })

  test('stop where one that runs once has run already, and change nothing', async () => {
    const rev = await shop(db, SEEDS)
    const script = await scriptOf(rev, ['cities'])
    expect(await db.client(script)).toMatchObject({ code: 0 })
    await db.knex()('cities').where({ id: 3 }).delete()

    const again = await db.client(script)

    expect(again.code).not.toBe(0)
    expect(await db.knex()('cities').orderBy('id').pluck('id')).toEqual([1, 2])
  })

  test('stop in a database that is not where they expect it', async () => {
    const rev = await shop(db, SEEDS)
    const script = await scriptOf(rev)
    await rev.downgrade({ target: 'aaa' })

    const { code, stderr, stdout } = await db.client(script)

    expect(code).not.toBe(0)
    expect(stderr + stdout).toContain('bbb')
    expect(await countriesOf(db)).toEqual([])
  })

  test('are refused for a seed that reads rows, and nothing is written', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', `await knex('countries').select('code')`) })
    let written = ''

    const error = await errorOf(
      rev.seed.sql({
        write: (text) => {
          written += text
        },
      }),
    )

    expect(error.code).toBe('REV_OFFLINE_READ')
    expect(written).toBe('')
    rev.project.write(
      'seeds/b.mjs',
      seedText('b', `await knex('countries').select('code')`, {
        tail: `export const offline = (knex) => knex('countries').insert({ code: 'AT', name: 'offline' })`,
      }),
    )
    expect(await scriptOf(rev, ['b'])).toContain("'offline'")
  })

  test.each(['0', '-1', '1.5', 'NaN', 'undefined', '"2"'])(
    'refuse batches of %s items, as a run does',
    async (size) => {
      const rev = await shop(db, { 'a.mjs': seedText('a', `await context.inBatches([1], ${size}, () => {})`) })
      const reason = `a batch cannot have ${size.replaceAll('"', '')} items`

      const inScript = await errorOf(rev.seed.sql({ write: () => {} }))
      const inRun = await errorOf(rev.seed.run())

      expect(inScript).toMatchObject({ code: 'REV_OFFLINE_FAILED', details: { reason } })
      expect(inRun.message).toContain(reason)
    },
  )
})
