import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { countriesOf, recordsOf, seedText, shop } from './shop.ts'

describeEachDialect('the helpers of seeds', (db) => {
  beforeEach(() => db.empty())
  /** Runs one seed with this body, and gives what it returned. */
  const givenBy = async (body: string): Promise<unknown> => {
    const rev = await shop(db, { 'a.mjs': seedText('a', body, { head: { mode: 'always' } }) })
    return (await rev.seed.run()).seeds[0]?.value
  }
  const nameOf = async (code: string): Promise<unknown> => (await db.knex()('countries').where({ code }).first())?.name

  test('upsert inserts what is missing, changes what differs, and leaves the rest', async () => {
    const value = await givenBy(`
      await knex('countries').insert([
        { code: 'AT', name: 'Austria', people: 9, landlocked: true }, { code: 'DE', name: 'Germany', landlocked: false }])
      return context.upsert('countries', [
        { code: 'AT', name: 'Austria', people: 9, landlocked: true },
        { code: 'DE', name: 'Deutschland' },
        { code: 'FR', name: 'France' },
        { code: 'IT', name: 'Italy', people: 59 }], { key: 'code' })`)

    expect(value).toEqual({ inserted: 2, updated: 1, unchanged: 1 })
    expect(await countriesOf(db)).toEqual(['AT', 'DE', 'FR', 'IT'])
    expect(await nameOf('DE')).toBe('Deutschland')
    // A column that is not among those given stays.
    expect((await db.knex()('countries').where({ code: 'FR' }).first()).landlocked).toBe(
      db.dialect === 'postgresql' ? false : 0,
    )
  })

  test('insertMissing leaves what is there as it is', async () => {
    const value = await givenBy(`
      await knex('countries').insert({ code: 'AT', name: 'Austria', landlocked: true })
      return context.insertMissing('countries', [{ code: 'AT', name: 'Other' }, { code: 'DE', name: 'Germany' }], { key: 'code' })`)

    expect(value).toEqual({ inserted: 1, updated: 0, unchanged: 1 })
    expect(await nameOf('AT')).toBe('Austria')
  })

  test('a key may be an object, which is told from others by its JSON', async () => {
    await givenBy('')
    await db.knex().schema.createTable('documents', (table) => {
      table.jsonb('about')
      table.text('note')
    })
    const rows = `[{ about: { a: 1 }, note: 'one' }, { about: { a: 2 }, note: 'two' }]`
    const written = (): Promise<unknown> => givenBy(`return context.upsert('documents', ${rows}, { key: 'about' })`)
    expect(await written()).toEqual({ inserted: 2, updated: 0, unchanged: 0 })
    expect(await written()).toEqual({ inserted: 0, updated: 0, unchanged: 2 })
    expect(await db.knex()('documents').orderBy('note').pluck('note')).toEqual(['one', 'two'])
  })

  test('whole numbers that the driver may have rounded are left to the database', async () => {
    await givenBy('')
    await db.knex().schema.createTable('numbers', (table) => {
      table.bigInteger('id').primary()
      table.bigInteger('n')
    })
    const written = (n: string): Promise<unknown> =>
      givenBy(`return context.upsert('numbers', [
        { id: 9007199254740992n, n: ${n} }, { id: 9007199254740993n, n: 1n }], { key: 'id' })`)
    await db.knex()('numbers').insert({ id: 9007199254740993n, n: 7 })
    expect(await written('9007199254740993n')).toEqual({ inserted: 1, updated: 1, unchanged: 0 })
    await written('9007199254740992n')
    const text = db.dialect === 'mysql' ? 'char' : 'text'
    const held = await db
      .knex()('numbers')
      .orderBy('id')
      .select(db.knex().raw(`cast(id as ${text}) as id, cast(n as ${text}) as n`))
    expect(held.map(({ id, n }) => [String(id), String(n)])).toEqual([
      ['9007199254740992', '9007199254740992'],
      ['9007199254740993', '1'],
    ])
  })

  test('objects become JSON, and lists where the database has no arrays', async () => {
    await givenBy('')
    await db.knex().schema.createTable('documents', (table) => {
      table.integer('id').primary()
      table.json('a')
      table.jsonb('b')
      if (db.dialect === 'postgresql') table.specificType('tags', 'text[]')
      else table.json('tags')
    })
    const rows = (word: string): string =>
      `[{ id: 1, a: { "it's": '\\\\ ?' }, b: { y: [1, { z: null }], x: true }, tags: ['a', 'b c'] }, { id: 2, a: { n: '${word}' }, b: null }]`
    const written = (word: string): Promise<unknown> =>
      givenBy(`return context.upsert('documents', ${rows(word)}, { key: 'id' })`)
    expect(await written('one')).toEqual({ inserted: 2, updated: 0, unchanged: 0 })
    // Lists are not compared where they are no JSON.
    const isWritten = db.dialect === 'postgresql' ? 1 : 0
    expect(await written('one')).toEqual({ inserted: 0, updated: isWritten, unchanged: 2 - isWritten })
    expect(await written('two')).toEqual({ inserted: 0, updated: 1 + isWritten, unchanged: 1 - isWritten })
    const held = await db.knex()('documents').orderBy('id')
    const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)
    expect(held.map((row) => ({ id: row.id, a: parsed(row.a), b: parsed(row.b), tags: parsed(row.tags) }))).toEqual([
      { id: 1, a: { "it's": '\\ ?' }, b: { y: [1, { z: null }], x: true }, tags: ['a', 'b c'] },
      { id: 2, a: { n: 'two' }, b: null, tags: null },
    ])

    const rev = await shop(db, {
      'a.mjs': seedText('a', `await context.upsert('documents', ${rows('two')}, { key: 'id' })`, {
        head: { mode: 'always' },
      }),
    })
    await db.knex()('documents').where({ id: 1 }).delete()
    await db.knex()('documents').where({ id: 2 }).update({ a: null })
    let script = ''
    await rev.seed.sql({
      write: (text) => {
        script += text
      },
    })
    expect(await db.client(script)).toMatchObject({ code: 0 })
    expect(await db.knex()('documents').orderBy('id')).toEqual(held)
  })

  test('a key may be of several columns', async () => {
    const value = await givenBy(`
      await context.upsert('countries', [{ code: 'AT', name: 'Austria' }, { code: 'DE', name: 'Germany' }], { key: 'code' })
      const key = ['country', 'name']
      await context.upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }, { id: 2, name: 'Wien', country: 'DE' }], { key })
      return context.upsert('cities', [{ id: 3, name: 'Wien', country: 'AT' }, { id: 4, name: 'Graz', country: 'AT' }], { key })`)

    expect(value).toEqual({ inserted: 1, updated: 1, unchanged: 0 })
    expect(await db.knex()('cities').orderBy('id').pluck('id')).toEqual([2, 3, 4])
  })

  test('another unique column never sends a change to another row', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText('a', `await context.upsert('countries', [{ code: 'AT', name: 'Austria' }], { key: 'code' })`),
      'b.mjs': seedText(
        'b',
        `await context.upsert('countries', [{ code: 'XX', name: 'Austria', people: 1 }], { key: 'code' })`,
        {
          head: { depends_on: 'a' },
        },
      ),
    })

    expect(await errorOf(rev.seed.run())).toMatchObject({
      code: 'REV_SEED_FAILED',
      details: { seed: 'b', rolledBack: true },
    })
    expect(await db.knex()('countries').select('code', 'people')).toEqual([{ code: 'AT', people: null }])
  })

  test('rows without their key, or with one that is there twice, are refused and leave nothing', async () => {
    const refused = async (body: string): Promise<unknown> => {
      await db.empty()
      const rev = await shop(db, { 'a.mjs': seedText('a', body) })
      const error = await errorOf(rev.seed.run())
      expect(error).toMatchObject({
        code: 'REV_SEED_ROWS',
        details: { seed: 'a', outcome: { failed: 'a', rolledBack: true } },
      })
      expect(await countriesOf(db)).toEqual([])
      return (error.details as { problem: string }).problem
    }

    expect(
      await refused(`await context.upsert('countries', [{ code: 'AT', name: 'A' }, { name: 'B' }], { key: 'code' })`),
    ).toBe('row 2 has no "code", which belongs to the key; its columns are "name"')
    expect(
      await refused(
        `await context.upsert('countries', [{ code: 'AT', name: 'A' }, { code: 'AT', name: 'B' }], { key: 'code' })`,
      ),
    ).toBe('row 2 has the same code as a row before it')
    expect(await refused(`await context.upsert('countries', [{ code: 'AT', name: 'A' }])`)).toContain(
      'no key was given',
    )
    expect(
      await refused(`
        await knex('countries').insert([{ code: 'AT', name: 'A', people: 1 }, { code: 'DE', name: 'B', people: 1 }])
        await context.upsert('countries', [{ code: 'XX', name: 'C', people: 1 }], { key: 'people' })`),
    ).toContain('several rows of the table have the same people')
  })

  test('which keys are equal is for the database to say', async () => {
    const value = await givenBy(`
      await context.upsert('countries', [{ code: 'AT', name: 'Austria', people: 9 }], { key: 'code' })
      return context.upsert('countries', [{ code: 'AT', name: 'Austria', people: '9' }, { code: 'DE', name: 'D', people: '1' }], { key: 'people' })`)
    expect(value).toEqual({ inserted: 1, updated: 0, unchanged: 1 })

    if (db.dialect !== 'mysql') return
    await db.empty()
    const folded = await givenBy(`
      await context.upsert('countries', [{ code: 'AT', name: 'Austria' }], { key: 'code' })
      return context.upsert('countries', [{ code: 'at', name: 'austria' }, { code: 'DE', name: 'D' }], { key: 'code' })`)
    expect(folded).toEqual({ inserted: 1, updated: 1, unchanged: 0 })
  })

  test('rows come from a generator or a stream, and are taken as they come', async () => {
    const value = await givenBy(`
      let ahead = 0, most = 0
      await knex('countries').insert({ code: 'AT', name: 'Austria', landlocked: true })
      async function* cities() {
        for (let id = 1; id <= 3000; id++) { ahead++; yield { id, name: 'city ' + id, country: 'AT' } }
      }
      const count = async () => Number((await knex('cities').count({ n: '*' }))[0].n)
      async function* watched() {
        for await (const city of cities()) { if (city.id % 1000 === 0) most = Math.max(most, ahead - await count()); yield city }
      }
      const written = await context.upsert('cities', watched(), { key: 'id' })
      return { ...written, most }`)

    expect(value).toMatchObject({ inserted: 3000, updated: 0 })
    expect((value as { most: number }).most).toBeLessThanOrEqual(500)
    expect(Number((await db.knex()('cities').count({ n: '*' }))[0]?.n)).toBe(3000)
  })

  test('work in a transaction of the seed, too', async () => {
    const value = await givenBy(`
      await knex.transaction(async (trx) => {
        await context.upsert('countries', [{ code: 'AT', name: 'Austria' }], { key: 'code', knex: trx })
        throw new Error('no')
      }).catch(() => {})
      return knex.transaction((trx) => context.upsert('countries', [{ code: 'DE', name: 'Germany' }], { key: 'code', knex: trx }))`)

    expect(value).toEqual({ inserted: 1, updated: 0, unchanged: 0 })
    expect(await countriesOf(db)).toEqual(['DE'])
  })

  test('inBatches hands over so many at a time, and tells how far it is', async () => {
    const heard = recordingReporter()
    const rev = await shop(
      db,
      {
        'a.mjs': seedText(
          'a',
          `await knex('countries').insert({ code: 'AT', name: 'Austria', landlocked: true })
          const sizes = []
          const done = await context.inBatches(Array.from({ length: 25 }, (_, at) => at), 10, async (ids, trx) => {
            sizes.push(ids.length)
            await trx('cities').insert(ids.map((id) => ({ id, name: 'c' + id, country: 'AT' })))
          })
          return { done, sizes }`,
        ),
      },
      { reporter: heard.report },
    )

    const { seeds } = await rev.seed.run()

    expect(seeds).toMatchObject([{ value: { done: 25, sizes: [10, 10, 5] }, rows: 26 }])
    expect(heard.of('seed:progress').map(({ seed, items }) => [seed, items])).toEqual([
      ['a', 10],
      ['a', 20],
      ['a', 25],
    ])
  })

  test('a seed without a transaction goes on where it broke off, also when the process was another one', async () => {
    const text = (bad: string): string =>
      seedText(
        'a',
        `await context.inBatches(['AT', 'DE'], 5, (codes) => context.upsert('countries', codes.map((code) => ({ code, name: code })), { key: 'code' }))
        return context.inBatches(Array.from({ length: 25 }, (_, at) => at), 10, async (ids, trx) => {
          await trx('cities').insert(ids.map((id) => ({ id, name: 'c' + id, country: 'AT' })))
          if (ids.includes(Number(process.env.REV_TEST_STOP_AT))) throw new Error('stopped')
        })`,
        { head: { transaction: false }, tail: bad },
      )
    const rev = await shop(db, { 'a.mjs': text('') })
    const idsOf = async (): Promise<number> => Number((await db.knex()('cities').count({ n: '*' }))[0]?.n)
    process.env.REV_TEST_STOP_AT = '15'

    const error = await errorOf(rev.seed.run())

    expect(error).toMatchObject({ code: 'REV_SEED_FAILED', details: { driverMessage: 'stopped', rolledBack: false } })
    expect(await idsOf()).toBe(10)
    expect(await recordsOf(db)).toEqual({ a: 'unfinished' })
    expect((await rev.seed.status()).seeds).toMatchObject([{ state: 'unfinished' }])
    delete process.env.REV_TEST_STOP_AT
    const { seeds } = await rev.seed.run()
    expect(seeds).toMatchObject([{ why: 'unfinished', value: 25, rows: 15 }])
    expect(await idsOf()).toBe(25)
    expect(await recordsOf(db)).toEqual({ a: 'done' })
    expect(Number((await db.knex()('rev_seed').first())?.rows_written)).toBe(27)
  })

  test('children whose parents are not there fail their seed', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText('a', `await context.upsert('cities', [{ id: 1, name: 'Wien', country: 'AT' }], { key: 'id' })`),
    })

    const error = await errorOf(rev.seed.run())

    expect(error).toMatchObject({ code: 'REV_SEED_FAILED', details: { statement: expect.stringContaining('cities') } })
    expect(error.hint).toContain('write them first, in this seed or in one that it names in depends_on')
    expect(await db.knex()('cities').pluck('id')).toEqual([])
    expect(await recordsOf(db)).toEqual({})
  })

  test('rows that hang on others go with them, on every database', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText('a', `await context.upsert('countries', [{ code: 'AT', name: 'Austria' }], { key: 'code' })`),
    })
    await db.knex().schema.createTable('notes', (table) => {
      table.string('country', 2).notNullable().references('code').inTable('countries').onDelete('CASCADE')
    })
    await rev.seed.run()
    await db.knex()('notes').insert({ country: 'AT' })

    await rev.seed.undo({ names: ['a'] })

    expect(await db.knex()('notes')).toEqual([])
  })
})
