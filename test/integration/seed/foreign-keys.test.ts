import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordsOf, seedText, shop } from './shop.ts'

const city = `await context.upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }], { key: 'id' })`
const country = (code: string): string =>
  `await context.upsert('countries', [{ code: '${code}', name: 'country ${code}' }], { key: 'code' })`

describeEachDialect('children without their parents', (db) => {
  beforeEach(() => db.empty())

  test('fail with the parent table, the seed that fills it, and what to add', async () => {
    const rev = await shop(db, {
      '1_cities.mjs': seedText('cities', city),
      '2_countries.csv': '# table: countries\n# key: code\ncode,name\nAT,Austria\n',
    })

    const error = await errorOf(rev.seed.run())

    expect(error).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: {
        seed: 'cities',
        // On SQLite it may be any of the tables that cities points at.
        foreignKey: {
          kind: 'missing',
          child: 'cities',
          parents: db.dialect === 'sqlite' ? expect.arrayContaining(['countries']) : ['countries'],
          seeds: [{ seed: '2_countries', table: 'countries', ran: false }],
        },
      },
    })
    expect(error.hint).toMatch(
      /"countries" is filled by the seed "2_countries", which has not run: add "2_countries" to depends_on of "cities"/,
    )
    expect(await recordsOf(db)).toEqual({})

    rev.project.write('seeds/1_cities.mjs', seedText('cities', city, { head: { depends_on: '2_countries' } }))
    expect((await rev.seed.run()).seeds.map(({ seed }) => seed)).toEqual(['2_countries', 'cities'])
  })

  test('are told apart from children with a wrong key, and from parents that nobody writes', async () => {
    const rev = await shop(db, {
      'b.sql': `-- seed: b\ninsert into countries (code, name) values ('DE', 'Germany');\n`,
      'c.mjs': seedText('c', city, { head: { depends_on: 'b' } }),
    })
    const wrong = await errorOf(rev.seed.run())
    expect(wrong).toMatchObject({ details: { foreignKey: { seeds: [{ seed: 'b', ran: true }] } } })
    expect(wrong.hint).toMatch(/although "b", which fills it, ran: compare the keys/)

    rev.project.clear('seeds/b.sql')
    rev.project.write('seeds/c.mjs', seedText('c', city))
    const nobody = await errorOf(rev.seed.run())
    expect(nobody).toMatchObject({ details: { foreignKey: { seeds: [] } } })
    expect(nobody.hint).toMatch(
      /that are not there: write them first, in this seed or in one that it names in depends_on/,
    )
  })

  test('and a seed that could only come later is not proposed', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText('a', city),
      'b.mjs': seedText('b', country('AT'), { head: { depends_on: 'a' } }),
    })

    expect(await errorOf(rev.seed.run())).toMatchObject({ details: { seed: 'a', foreignKey: { seeds: [] } } })
  })

  test('keep their parents from being taken back, which is told with the seed that wrote them', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', country('AT')), 'b.mjs': seedText('b', city) })
    await rev.seed.run()

    const error = await errorOf(rev.seed.undo({ names: ['a'], agree: async () => true }))

    expect(error).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: { what: 'undo', foreignKey: { kind: 'needed', child: 'cities', parents: ['countries'] } },
    })
    expect(error.hint).toContain('rev seed undo b a')
    expect(await recordsOf(db)).toEqual({ a: 'done', b: 'done' })
    await rev.seed.undo({ names: ['b', 'a'], agree: async () => true })
    expect(await recordsOf(db)).toEqual({})
  })
})
