import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { countriesOf, recordsOf, seedText, shop } from './shop.ts'

const upsert = (table: string, rows: readonly object[], key: string): string =>
  `await context.upsert('${table}', ${JSON.stringify(rows)}, { key: '${key}' })`

/** Two scenarios on top of a seed that belongs to none. */
const SEEDS = {
  'countries.mjs': seedText('countries', upsert('countries', [{ code: 'AT', name: 'Austria' }], 'code')),
  'power.mjs': seedText(
    'power',
    `${upsert(
      'countries',
      [
        { code: 'AT', name: 'Österreich' },
        { code: 'DE', name: 'Germany' },
      ],
      'code',
    )}
    ${upsert(
      'cities',
      [
        { id: 1, name: 'Wien', country: 'AT' },
        { id: 2, name: 'Hietzing', country: 'AT', part_of: 1 },
        { id: 3, name: 'Berlin', country: 'DE' },
      ],
      'id',
    )}`,
    { head: { scenario: 'power-user', depends_on: 'countries' } },
  ),
  'more.mjs': seedText('more', upsert('cities', [{ id: 4, name: 'Mitte', country: 'DE', part_of: 3 }], 'id'), {
    head: { scenario: ['power-user', 'berlin'], depends_on: 'power' },
  }),
  'own.mjs': seedText('own', `await knex('countries').insert({ code: 'FR', name: 'France', landlocked: false })`, {
    head: { scenario: 'own' },
    tail: `export async function undo(knex, { log }) { await knex('countries').where({ code: 'FR' }).delete(); log('gone') }`,
  }),
}

describeEachDialect('seeds that are taken back', (db) => {
  beforeEach(() => db.empty())
  const cities = async (): Promise<string[]> => db.knex()('cities').orderBy('id').pluck('name')

  test('are those of a scenario, children before parents, and rows that were there before stay', async () => {
    const rev = await shop(db, SEEDS)
    await rev.seed.run()
    expect(await countriesOf(db)).toEqual(['AT'])
    await rev.seed.run({ scenarios: ['power-user', 'own'] })
    expect(await cities()).toEqual(['Wien', 'Hietzing', 'Berlin', 'Mitte'])

    const result = await rev.seed.undo({ scenarios: ['power-user'] })

    expect(result.seeds.map(({ seed, by, rows }) => [seed, by, rows])).toEqual([
      ['more', 'keys', 1],
      ['power', 'keys', 4],
    ])
    expect(await cities()).toEqual([])
    expect(await countriesOf(db)).toEqual(['AT', 'FR'])
    expect(await recordsOf(db)).toEqual({ countries: 'done', own: 'done' })
    expect(await db.knex()('rev_row').pluck('seed')).toEqual(['countries'])
    // And may run again.
    expect((await rev.seed.run({ scenarios: ['power-user'] })).seeds.map(({ seed }) => seed)).toEqual(['power', 'more'])
    expect(await cities()).toHaveLength(4)
  })

  test('are by "clean" those of all scenarios, by their own function where they have one', async () => {
    const rev = await shop(db, SEEDS)
    await rev.seed.run({ names: ['countries', 'power', 'more', 'own'] })

    const result = await rev.seed.clean()

    expect(new Map(result.seeds.map(({ seed, by }) => [seed, by]))).toEqual(
      new Map([
        ['more', 'keys'],
        ['power', 'keys'],
        ['own', 'undo'],
      ]),
    )
    expect(await countriesOf(db)).toEqual(['AT'])
    expect(await rev.seed.clean()).toMatchObject({ runId: undefined, seeds: [] })
    expect((await rev.log()).runs[0]).toMatchObject({ direction: 'seed undo', outcome: 'done' })
  })

  test('let rows go that were moved to other parents since', async () => {
    const head = { mode: 'onchange' }
    const rev = await shop(db, {
      'a_1.mjs': seedText(
        'a',
        `${upsert('countries', [{ code: 'AT', name: 'Austria' }], 'code')}\n${upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }], 'id')}`,
        { head },
      ),
    })
    await rev.seed.run()
    rev.project.clear('seeds/a_1.mjs')
    rev.project.write(
      'seeds/a_2.mjs',
      seedText(
        'a',
        `${upsert('countries', [{ code: 'DE', name: 'Germany' }], 'code')}\n${upsert('cities', [{ id: 1, name: 'Wien', country: 'DE' }], 'id')}`,
        { head },
      ),
    )
    expect((await rev.seed.run()).seeds).toMatchObject([{ why: 'changed', rows: 2 }])

    await rev.seed.undo({ names: ['a'] })

    expect(await countriesOf(db)).toEqual([])
    expect(await cities()).toEqual([])
  })

  test('are none that others still need', async () => {
    const rev = await shop(db, SEEDS)
    await rev.seed.run({ scenarios: ['power-user'] })

    expect(await errorOf(rev.seed.undo({ names: ['countries'] }))).toMatchObject({
      code: 'REV_SEED_NEEDED',
      details: { seeds: [{ seed: 'countries', neededBy: ['power', 'more'] }] },
    })
    expect(await cities()).toHaveLength(4)
    await rev.seed.undo({ names: ['countries', 'power', 'more'] })
    expect(await countriesOf(db)).toEqual([])
  })

  test('are none whose rows nobody knows', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText('a', `await knex('countries').insert({ code: 'AT', name: 'Austria', landlocked: true })`),
      'b.mjs': seedText('b', upsert('countries', [{ code: 'DE', name: 'Germany' }], 'code')),
      'c.mjs': seedText('c', ''),
      'd.cjs': 'exports.seed = async (knex) => { await knex("countries").where({ code: "XX" }).delete() }',
    })
    await rev.seed.run({ names: ['a', 'b', 'd'] })
    await rev.seed.stamp({ names: ['c'] })

    const error = await errorOf(rev.seed.undo({ names: ['a', 'b', 'c', 'd'] }))

    expect(error).toMatchObject({
      code: 'REV_SEED_NO_UNDO',
      details: {
        seeds: [
          { seed: 'c', reason: expect.stringContaining('stamped') },
          { seed: 'a', reason: expect.stringContaining('1 row by statements of its own') },
        ],
      },
    })
    expect(await countriesOf(db)).toEqual(['AT', 'DE'])
    expect((await rev.seed.undo({ names: ['b', 'd'] })).seeds).toHaveLength(2)
    expect(await recordsOf(db)).toEqual({ a: 'done', c: 'stamped' })
  })

  test('keep everything when one of them fails', async () => {
    const rev = await shop(db, {
      ...SEEDS,
      'own.mjs': SEEDS['own.mjs'].replace("log('gone')", "throw new Error('no')"),
    })
    await rev.seed.run({ names: ['own'] })

    expect(await errorOf(rev.seed.undo({ names: ['own'] }))).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: { what: 'undo', seed: 'own', driverMessage: 'no', rolledBack: true },
    })
    expect(await countriesOf(db)).toEqual(['FR'])
    expect(await recordsOf(db)).toEqual({ own: 'done' })
  })

  test('want to be meant in a protected environment', async () => {
    const rev = await shop(db, SEEDS, { config: { ...db.knexConfig(), rev: { protected: true } }, env: 'production' })
    await rev.seed.run({ names: ['own'] })

    const error = await errorOf(rev.seed.undo({ names: ['own'], agree: () => true }))

    expect(error).toMatchObject({
      code: 'REV_SEED_UNCONFIRMED',
      details: { database: db.name, isProtected: true, seeds: ['own'] },
    })
    expect(error.hint).toContain(`--yes-i-mean ${db.name}`)
    expect(await errorOf(rev.seed.undo({ names: ['own'], yesIMean: 'other' }))).toMatchObject({
      code: 'REV_SEED_UNCONFIRMED',
    })
    expect(await countriesOf(db)).toEqual(['FR'])
    await rev.seed.undo({ names: ['own'], yesIMean: db.name })
    expect(await countriesOf(db)).toEqual([])
  })

  test('can be asked about before', async () => {
    const rev = await shop(db, SEEDS)
    await rev.seed.run({ names: ['own'] })
    const asked: unknown[] = []

    const refused = await errorOf(rev.seed.undo({ names: ['own'], agree: (removal) => asked.push(removal) === 0 }))

    expect(refused).toMatchObject({ code: 'REV_SEED_UNCONFIRMED', details: { isProtected: false } })
    expect(asked).toEqual([{ database: expect.any(String), seeds: ['own'] }])
    expect(await countriesOf(db)).toEqual(['FR'])
  })
})

describeEachDialect('seeds that are stamped', (db) => {
  beforeEach(() => db.empty())

  test('count as done and run nothing; an edited one is taken as it is', async () => {
    const text = seedText('a', upsert('countries', [{ code: 'AT', name: 'Austria' }], 'code'))
    const rev = await shop(db, { 'a.mjs': text })

    const { seeds, runId } = await rev.seed.stamp({ names: ['a'] })

    expect(seeds).toEqual(['a'])
    expect(await countriesOf(db)).toEqual([])
    expect((await rev.seed.run()).seeds).toEqual([])
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'done', last: { state: 'stamped' } }])
    expect((await rev.log()).runs[0]).toMatchObject({ runId, direction: 'seed stamp', outcome: 'done' })
    await rev.seed.run({ force: true })
    rev.project.write('seeds/a.mjs', `${text}export const more = 1\n`)
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'edited', last: { state: 'done' } }])
    await rev.seed.stamp({ names: ['a'] })
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'done', last: { state: 'done', rows: 1 } }])
    rev.project.clear('seeds/a.mjs')
    expect((await rev.seed.status()).gone).toMatchObject([{ seed: 'a', state: 'done' }])
  })
})
