import { beforeEach, expect, test } from 'vitest'
import { createRev, type Rev, type SeedContext, type SeedSource } from '../../../src/index.ts'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { countriesOf, recordsOf, shop } from './shop.ts'

const countries = { seed: 'countries', mode: 'onchange', table: 'countries', key: 'code' } as const
const cities = {
  seed: 'cities',
  depends_on: ['countries', 'bbb'],
  message: 'where people live',
  run: (_: unknown, { upsert }: SeedContext) =>
    upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }], { key: 'id' }),
}

describeEachDialect('seeds that a program hands in', (db) => {
  beforeEach(() => db.empty())

  const withSeeds = async (seeds: SeedSource): Promise<Rev> => {
    const { project } = await shop(db, {})
    return createRev({ directory: project.path, config: db.knexConfig(), seeds })
  }

  test('run like those of files, in the order of what they depend on', async () => {
    const rev = await withSeeds([cities, { default: { ...countries, rows: [{ code: 'AT', name: 'Austria' }] } }])

    expect((await rev.status()).seeds).toMatchObject([
      { seed: 'countries', state: 'new', file: undefined },
      { seed: 'cities', state: 'new', message: 'where people live', file: undefined },
    ])
    const { seeds } = await rev.seed.run()
    expect(seeds).toMatchObject([
      { seed: 'countries', rows: 1, file: undefined },
      { seed: 'cities', value: { inserted: 1, updated: 0, unchanged: 0 } },
    ])
    expect((await rev.seed.run()).seeds).toEqual([])
    await rev.seed.undo({ names: ['cities'], agree: async () => true })
    expect(await recordsOf(db)).toEqual({ countries: 'done' })
  })

  test('may come by path, by functions, and as seeds of Knex; a row that was changed makes them run again', async () => {
    let name = 'Austria'
    const rev = await withSeeds(async () => ({
      './seeds/10_cities.ts': () => Promise.resolve(cities),
      './seeds/2_countries.ts': { ...countries, rows: [{ code: 'AT', name }] },
      './seeds/1_plain.js': {
        seed: async (knex: import('knex').Knex) => knex('countries').where({ code: 'XX' }).delete(),
      },
    }))

    expect((await rev.seed.run()).seeds.map(({ seed, file }) => [seed, file])).toEqual([
      ['1_plain', './seeds/1_plain.js'],
      ['countries', './seeds/2_countries.ts'],
      ['cities', './seeds/10_cities.ts'],
    ])
    name = 'Österreich'
    expect((await rev.seed.run()).seeds.map(({ seed, why }) => `${seed} ${why}`)).toEqual([
      '1_plain always',
      'countries changed',
    ])
    expect(await db.knex()('countries').pluck('name')).toEqual(['Österreich'])
  })

  test('are refused with every fault', async () => {
    const rev = await withSeeds([
      { seed: 'a', run: 1 } as never,
      { ...countries, key: [], rows: [] },
      { seed: () => undefined } as never,
      { ...cities, seed: 'a', mode: 'twice' } as never,
    ])

    const { code, details } = await errorOf(rev.seed.run())

    expect(code).toBe('REV_SEED_INVALID')
    expect((details as { problems: unknown[] }).problems).toMatchObject([
      { file: 'seeds[0]', problem: expect.stringContaining('"run" must be a function') },
      { file: 'seeds[1]', problem: expect.stringContaining('"key" must name') },
      { file: 'seeds[2]', problem: expect.stringContaining('has no name') },
      { file: 'seeds[3]', problem: expect.stringContaining('"mode" must be') },
    ])
    const failing = await withSeeds([() => Promise.reject(new Error('no bundle'))])
    expect(await errorOf(failing.seed.status())).toMatchObject({
      code: 'REV_FILE_LOAD_FAILED',
      details: { file: 'seeds[0]', reason: 'no bundle' },
    })
  })

  test('can be written as a script, and are run by setup', async () => {
    const rev = await withSeeds([cities, { ...countries, rows: [{ code: 'AT', name: 'Austria' }] }])
    const pieces: string[] = []
    await rev.seed.sql({ names: ['cities'], write: (text) => void pieces.push(text) })

    expect(await db.client(pieces.join(''))).toMatchObject({ code: 0 })

    expect(await recordsOf(db)).toEqual({ countries: 'scripted', cities: 'scripted' })
    expect((await rev.setup()).seed).toMatchObject({ seeds: [] })
    expect((await (await withSeeds([])).setup()).noSeeds).toBeUndefined()
  })
})

describeEachDialect('a seed whose file is gone', (db) => {
  beforeEach(() => db.empty())

  test('is taken back by its name and the keys that were kept, the last one first', async () => {
    const more = { '2_c.json': JSON.stringify({ ...countries, rows: [{ code: 'AT', name: 'Austria' }] }) }
    const csv = '# seed: cities\n# table: cities\n# key: id\n# depends_on: countries\nid,name,country\n1,Wien,AT\n'
    const rev = await shop(db, {
      ...more,
      '1_cities.csv': csv,
      'own.sql': "-- seed: own\ninsert into countries (code, name) values ('DE', 'Germany');\n",
    })
    await rev.seed.run()
    for (const file of ['1_cities.csv', '2_c.json', 'own.sql']) rev.project.clear(`seeds/${file}`)
    const agree = async (): Promise<boolean> => true

    expect(await errorOf(rev.seed.undo({ names: ['nobody'], agree }))).toMatchObject({ code: 'REV_SEED_UNKNOWN' })
    expect(await errorOf(rev.seed.undo({ names: ['own'], agree }))).toMatchObject({
      code: 'REV_SEED_NO_UNDO',
      details: { seeds: [{ seed: 'own', file: undefined }] },
    })
    const { seeds } = await rev.seed.undo({ names: ['countries', 'cities'], agree })

    expect(seeds).toMatchObject([
      { seed: 'cities', by: 'keys', rows: 1, file: undefined },
      { seed: 'countries', by: 'keys', rows: 1 },
    ])
    expect(await countriesOf(db)).toEqual(['DE'])
    expect(await recordsOf(db)).toEqual({ own: 'done' })
  })
})
