import { beforeEach, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { mysql } from '../offline/mysql-client.ts'
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
    expect(again.stderr + again.stdout).toContain('seed cities runs once, and has run here')
    expect(await db.knex()('cities').orderBy('id').pluck('id')).toEqual([1, 2])
    if (db.dialect !== 'mysql') return
    const { stdout } = await mysql(db, script, 'ignores errors')
    expect(stdout).toContain(`rev: database "${db.name}" is at bbb; the script did NOT get through\n`)
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
    expect(error.hint).toContain('give the seed an "export async function offline(knex, context)"')
    expect(error.hint).not.toContain('--on-data-read')
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

  test('stop where a key belongs to several rows of the table, as a run does', async () => {
    const given = `{ code: 'XX', name: 'x', people: 1, landlocked: true }`
    const rev = await shop(db, {
      'a.mjs': seedText('a', `await context.upsert('countries', [${given}], { key: 'people' })`),
      'b.mjs': seedText('b', `await context.insertMissing('countries', [${given}], { key: ['people', 'landlocked'] })`),
    })
    await db
      .knex()('countries')
      .insert([
        { code: 'AT', name: 'one', people: 1, landlocked: true },
        { code: 'DE', name: 'other', people: 1, landlocked: true },
      ])
    const before = await countriesOf(db)

    for (const name of ['a', 'b']) {
      expect((await errorOf(rev.seed.run({ names: [name] }))).message).toContain(
        'several rows of the table have the same',
      )
      const { code, stderr, stdout } = await db.client(await scriptOf(rev, [name]))

      expect(code).not.toBe(0)
      expect(stderr + stdout).toContain(`seed ${name}: several rows of`)
      expect(await countriesOf(db)).toEqual(before)
      expect(await recordsOf(db)).not.toHaveProperty(name, 'scripted')
    }
  })

  test.each([
    [
      `[{ code: 'AT', name: 'a' }, { code: 'AT', name: 'b' }], { key: 'code' }`,
      'row 2 has the same code as a row before it',
    ],
    [`[{ name: 'a' }], { key: 'code' }`, 'row 1 has no "code", which belongs to the key'],
    [`[null], { key: 'code' }`, 'row 1 is no object'],
    [`[[1, 2]], { key: 'code' }`, 'row 1 is no object'],
    [`[{ code: 'AT' }], { key: [] }`, 'no key was given'],
    [`[{ code: 'AT' }]`, 'no key was given'],
  ])('are refused for rows that a run refuses: %s', async (call, problem) => {
    const rev = await shop(db, { 'a.mjs': seedText('a', `await context.upsert('countries', ${call})`) })

    const error = await errorOf(rev.seed.sql({ write: () => {} }))

    expect(error).toMatchObject({ code: 'REV_SEED_ROWS', details: { problem: expect.stringContaining(problem) } })
    expect((await errorOf(rev.seed.run())).message).toContain(problem)
  })

  test('that fail are told as seeds', async () => {
    const rev = await shop(db, { 'a.mjs': seedText('a', `throw new Error('on purpose')`) })

    const { message, hint } = await errorOf(rev.seed.sql({ write: () => {} }))

    expect(message).toContain('seed "a" failed while its script was written')
    expect(hint).toContain('correct the seed')
  })

  test('have what hangs on a row follow it, as in a run', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText(
        'a',
        `await knex('authors').where({ id: 1 }).delete()\n await knex('authors').insert({ id: 1, n: 2 })`,
      ),
      'b.mjs': seedText('b', `await knex('books').insert({ id: 9, author: 77 })`),
    })
    const fill = async (): Promise<void> => {
      await db.knex().schema.createTable('authors', (t) => {
        t.integer('id').primary()
        t.integer('n')
      })
      await db.knex().schema.createTable('books', (t) => {
        t.integer('id').primary()
        t.integer('author').references('authors.id').onDelete('CASCADE')
      })
      await db.knex()('authors').insert({ id: 1, n: 1 })
      await db.knex()('books').insert({ id: 5, author: 1 })
    }
    const left = async (): Promise<unknown> => [await db.knex()('authors'), await db.knex()('books')]
    await fill()
    await rev.seed.run({ names: ['a'] })
    const afterRun = await left()
    await db.empty()
    await rev.upgrade()
    await fill()

    const ran = await db.client(await scriptOf(rev, ['a']))

    expect(ran, ran.stderr).toMatchObject({ code: 0 })
    expect(await left()).toEqual(afterRun)
    expect(afterRun).toEqual([[{ id: 1, n: 2 }], []])
    expect((await errorOf(rev.seed.run({ names: ['b'] }))).code).toBe('REV_SEED_FAILED')
    expect((await db.client(await scriptOf(rev, ['b']))).code).not.toBe(0)
    expect(await left()).toEqual(afterRun)
  })

  test('that fail half way are not recorded, also where a change of the schema has committed what came before', async () => {
    const run = `await context.insertMissing('countries', [{ code: 'XX', name: 'x' }], { key: 'code' })
      await knex.schema.createTable('stage', (table) => table.integer('id'))
      await knex('countries').insert({ code: 'DE', name: 'again' })`
    const rev = await shop(db, {
      'a.mjs': seedText('a', run),
      'b.mjs': seedText('b', run.replace('stage', 'other'), { head: { mode: 'onchange' } }),
    })
    await db.knex()('countries').insert({ code: 'DE', name: 'Germany' })

    for (const name of ['a', 'b']) {
      expect((await db.client(await scriptOf(rev, [name]))).code).not.toBe(0)
      const [status] = (await rev.seed.status()).seeds.filter(({ seed }) => seed === name)
      expect(status).toMatchObject({ state: 'new' })
    }
  })

  test('may take a transaction of their own back', async () => {
    const rev = await shop(db, {
      'a.mjs': seedText(
        'a',
        `await knex.transaction(async (trx) => { await trx('countries').insert({ code: 'XX', name: 'x' }); throw new Error('no') }).catch(() => {})
        await knex('countries').insert({ code: 'AT', name: 'Austria' })`,
      ),
    })

    expect(await db.client(await scriptOf(rev))).toMatchObject({ code: 0 })
    expect(await db.knex()('countries').pluck('code')).toEqual(['AT'])
  })
})
