import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { countriesOf, recordsOf, seedText, shop } from './shop.ts'

const insert = (code: string): string =>
  `await knex('countries').insert({ code: '${code}', name: 'country ${code}', landlocked: false })`

describeEachDialect('seeds', (db) => {
  beforeEach(() => db.empty())

  test('run in the order of what they depend on, else in the natural order of their files, and give back what they give', async () => {
    const rev = await shop(db, {
      '1_cities.mjs': seedText(
        'cities',
        `await knex('cities').insert({ id: 1, name: 'Wien', country: 'AT' })\nreturn { city: 1 }`,
        {
          head: { depends_on: ['countries', 'bbb'] },
        },
      ),
      '2_two.mjs': seedText('two', insert('BB')),
      '10_ten.mjs': seedText('ten', insert('CC')),
      '11_countries.mjs': seedText('countries', insert('AT')),
    })

    const result = await rev.seed.run()

    expect(result.seeds.map(({ seed, why, rows, value }) => [seed, why, rows, value])).toEqual([
      ['two', 'new', 1, undefined],
      ['ten', 'new', 1, undefined],
      ['countries', 'new', 1, undefined],
      ['cities', 'new', 1, { city: 1 }],
    ])
    expect(await recordsOf(db)).toEqual({ two: 'done', ten: 'done', countries: 'done', cities: 'done' })
    const [record] = await db.knex()('rev_seed').where({ seed: 'countries' })
    expect(record).toMatchObject({ run_id: result.runId, statements: 1 })
    expect(Number(record.rows_written)).toBe(1)
    expect(record.checksum).toMatch(/^sha256:/)
  })

  test('run once, on change or always, as their mode says', async () => {
    const body = `await knex('countries').where({ code: 'XX' }).delete()`
    const rev = await shop(db, {
      'a.mjs': seedText('a', body, { head: { mode: 'once' } }),
      'b.mjs': seedText('b', body, { head: { mode: 'onchange' } }),
      'c.mjs': seedText('c', body, { head: { mode: 'always' } }),
    })
    const ran = async (): Promise<string[]> => (await rev.seed.run()).seeds.map(({ seed, why }) => `${seed} ${why}`)

    expect(await ran()).toEqual(['a new', 'b new', 'c new'])
    expect(await ran()).toEqual(['c always'])
    for (const name of ['a', 'b'])
      rev.project.write(`seeds/${name}.mjs`, `// A comment is no change.\n${rev.project.read(`seeds/${name}.mjs`)}`)
    expect(await ran()).toEqual(['c always'])
    for (const name of ['a', 'b'])
      rev.project.write(
        `seeds/${name}.mjs`,
        seedText(name, `${body}; 1`, { head: { mode: name === 'a' ? 'once' : 'onchange' } }),
      )
    expect((await rev.seed.status()).seeds.map(({ seed, state }) => `${seed} ${state}`)).toEqual([
      'a edited',
      'b changed',
      'c always',
    ])
    const last = await rev.seed.run()
    expect(last.seeds.map(({ seed, why }) => `${seed} ${why}`)).toEqual(['b changed', 'c always'])
    expect(last.left).toMatchObject([{ seed: 'a', why: 'edited' }])
  })

  test('that fail leave nothing of themselves, keep those before, and run again', async () => {
    const failing = seedText('b', `${insert('BB')}\n${insert('BB')}`)
    const rev = await shop(db, {
      'a.mjs': seedText('a', insert('AA')),
      'b.mjs': failing,
      'c.mjs': seedText('c', insert('CC')),
    })

    const error = await errorOf(rev.seed.run())

    expect(error).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: {
        seed: 'b',
        what: 'run',
        line: 4,
        done: ['a'],
        failed: 'b',
        notRun: ['c'],
        rolledBack: true,
        committedStatements: 0,
      },
    })
    expect(error.hint).toContain('context.upsert')
    expect(await countriesOf(db)).toEqual(['AA'])
    expect(await recordsOf(db)).toEqual({ a: 'done' })
    // In the same process, which has loaded what it was.
    rev.project.write('seeds/b.mjs', seedText('b', insert('BB')))
    expect((await rev.seed.run()).seeds.map(({ seed }) => seed)).toEqual(['b', 'c'])
    const { runs } = await rev.log()
    expect(
      runs.map(({ direction, outcome, events }) => [
        direction,
        outcome,
        events.map((event) => `${event.revision} ${event.outcome}`),
      ]),
    ).toEqual([
      ['seed', 'done', ['b done', 'c done']],
      ['seed', 'failed', ['a done', 'b failed']],
      ['upgrade', 'done', ['aaa done', 'bbb done']],
    ])
  })

  test('do not run before their revisions are applied', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', insert('AA'), { head: { depends_on: 'bbb' } }) })
    await rev.downgrade({ target: 'aaa' })

    const error = await errorOf(rev.seed.run())

    expect(error).toMatchObject({
      code: 'REV_SEED_REVISION_NOT_APPLIED',
      details: { seeds: [{ seed: 'a', revisions: ['bbb'] }] },
    })
    expect(error.hint).toBe('run first: rev upgrade bbb')
    expect(await db.tables()).not.toContain('rev_seed')
    expect(await errorOf(rev.seed.plan())).toMatchObject({ code: 'REV_SEED_REVISION_NOT_APPLIED' })
    await rev.upgrade()
    expect((await rev.seed.run()).seeds).toHaveLength(1)
  })

  test('that forgot to await are found out, and leave nothing', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', insert('AA').replace('await ', '')) })

    expect(await errorOf(rev.seed.run())).toMatchObject({
      code: 'REV_STEP_FORGOTTEN',
      details: { outcome: { failed: 'a' } },
    })
    expect(await countriesOf(db)).toEqual([])
    expect(await recordsOf(db)).toEqual({})
  })

  test('of plain Knex run unchanged, each time, from both module systems', async () => {
    const rev = await shop(db, {
      '01_countries.cjs': `exports.seed = async function (knex) { await knex('cities').del(); await knex('countries').del(); await knex('countries').insert([{ code: 'AT', name: 'Austria', landlocked: true }]) }\n`,
      '02_cities.mjs': `export async function seed(knex) { await knex('cities').insert([{ id: 1, name: 'Wien', country: 'AT' }]) }\n`,
    })

    for (const _ of [1, 2]) {
      const result = await rev.seed.run()
      expect(result.seeds.map(({ seed, mode }) => [seed, mode])).toEqual([
        ['01_countries', 'always'],
        ['02_cities', 'always'],
      ])
    }
    expect(await db.knex()('cities').pluck('name')).toEqual(['Wien'])
  })

  test('of SQL run statement by statement', async () => {
    const rev = await shop(db, {
      'a.sql': `-- seed: a\n-- depends_on: bbb\ninsert into countries (code, name) values ('AA', 'what; why?');\n-- more\ninsert into countries (code, name) values ('AB', 'it''s');\n-- undo\ndelete from countries where code in ('AA', 'AB');\n`,
    })

    const result = await rev.seed.run()

    expect(result.seeds).toMatchObject([{ seed: 'a', statements: 2, rows: 2 }])
    expect(await db.knex()('countries').orderBy('code').pluck('name')).toEqual(['what; why?', "it's"])
    await rev.seed.undo({ names: ['a'] })
    expect(await countriesOf(db)).toEqual([])
  })

  test('of data bring a table to what the file says, and again when it was changed', async () => {
    const csv = '# table: countries\n# key: code\n# mode: onchange\ncode,name,people,landlocked\nAT,Austria,9,1\n'
    const rev = await shop(db, {
      'countries.csv': `${csv}DE,"Germany, all of it",,0\n`.replaceAll(/,1$|,0$/gm, (end) =>
        db.dialect === 'postgresql' ? end.replace('1', 'true').replace('0', 'false') : end,
      ),
      'more.json': JSON.stringify({
        seed: 'more',
        mode: 'onchange',
        table: 'countries',
        key: 'code',
        rows: [{ code: 'FR', name: 'France' }],
      }),
    })

    const first = await rev.seed.run()
    expect(first.seeds.map(({ seed, value }) => [seed, value])).toEqual([
      ['countries', { inserted: 2, updated: 0, unchanged: 0 }],
      ['more', { inserted: 1, updated: 0, unchanged: 0 }],
    ])
    expect(await db.knex()('countries').orderBy('code').select('name', 'people')).toEqual([
      { name: 'Austria', people: 9 },
      { name: 'Germany, all of it', people: null },
      { name: 'France', people: null },
    ])
    rev.project.write('seeds/countries.csv', rev.project.read('seeds/countries.csv').replace(',9,', ',10,'))
    const second = await rev.seed.run()
    expect(second.seeds).toMatchObject([{ seed: 'countries', why: 'changed', value: { inserted: 0, updated: 1 } }])
    expect(await db.knex()('countries').where({ code: 'AT' }).pluck('people')).toEqual([10])
  })

  test('are told of while they run', async () => {
    const heard = recordingReporter()
    const rev = await shop(
      db,
      { 'a.mjs': seedText('a', `${insert('AA')}\ncontext.log('halfway')`) },
      { reporter: heard.report },
    )

    await rev.seed.run()

    expect(heard.of('seed:done')).toMatchObject([{ seed: 'a', what: 'run', rows: 1, index: 1, total: 1 }])
    expect(heard.of('log')).toEqual([{ type: 'log', revision: 'a', text: 'halfway' }])
    expect(heard.of('seeds:start')).toMatchObject([{ seeds: 1 }])
  })
})
