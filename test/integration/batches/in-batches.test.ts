import createKnex from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { RevEvent } from '../../../src/index.ts'
import { errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
const ADD_ONE = `async (rows, trx) => { await trx('one').whereIn('id', rows.map((row) => row.id)).increment('n', 1) }`

/** A revision outside of a transaction. */
const attempt = (message: string, upgrade: string, more: Partial<RevisionText> = {}): RevisionText => ({
  revision: 'aaa',
  message,
  extra: OUTSIDE,
  upgrade,
  ...more,
})

const upgradeOf = (db: TestDatabase, text: RevisionText, heard: RevEvent[] = []) =>
  openRev(db, [text], { reporter: (event) => heard.push(event) }).upgrade({ allowNonEmpty: true })
const batchesIn = (heard: readonly RevEvent[]): number[] =>
  heard.flatMap((event) => (event.type === 'batch:done' ? [event.rows] : []))
const codesIn = (heard: readonly RevEvent[]): string[] =>
  heard.flatMap((event) => (event.type === 'notice' ? [event.code] : []))
const linesOf = async (db: TestDatabase): Promise<{ state: string; statement: string; answer: string }[]> =>
  db.knex()('rev_step').orderBy('number').select('state', 'statement', 'answer')

/** The table `one` with this many rows, n = 0 in each. */
async function fill(db: TestDatabase, rows: number): Promise<void> {
  await db.knex().schema.createTable('one', (t) => {
    t.integer('id').primary()
    t.integer('n').notNullable()
  })
  const ids = Array.from({ length: rows }, (_, index) => ({ id: index + 1, n: 0 }))
  if (rows > 0) await db.knex().batchInsert('one', ids, 400)
}
const numbers = async (db: TestDatabase): Promise<number[]> =>
  (await db.knex()('one').orderBy('id').pluck('n')).map(Number)

describeEachDialect('batches of a revision', (db) => {
  beforeEach(() => db.empty())

  test('go over all rows, each once, each batch a transaction', async () => {
    await fill(db, 25)
    const heard: RevEvent[] = []

    await upgradeOf(db, attempt('first', `return context.inBatches('one', { size: 10 }, ${ADD_ONE})`), heard)

    expect(await numbers(db)).toEqual(Array(25).fill(1))
    expect(heard.filter(({ type }) => type === 'batch:done')).toMatchObject([
      { revision: 'aaa', name: 'one', batch: 1, rows: 10, total: 25 },
      { batch: 2, rows: 20, total: 25 },
      { batch: 3, rows: 25, total: 25 },
    ])
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await linesOf(db)).toEqual([])
  })

  test('go on behind the last batch that was committed when the function threw', async () => {
    await fill(db, 25)
    const body = (stop: string): string => `
      await knex('one').insert({ id: 100, n: 0 })
      await context.inBatches('one', { size: 10 }, async (rows, trx) => {
        await trx('one').whereIn('id', rows.map((row) => row.id)).increment('n', 1)
        ${stop}
      })
      await knex('one').where('id', 100).update({ n: 50 })`
    const error = await errorOf(upgradeOf(db, attempt('first', body(`if (rows[0].id > 10) throw new Error('stop')`))))

    expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { rolledBack: false } })
    expect(error.message).toContain('batches of one: 10 rows done')
    expect(await numbers(db)).toEqual([...Array(10).fill(1), ...Array(16).fill(0)])
    expect(await linesOf(db)).toMatchObject([
      { state: 'done', statement: expect.stringMatching(/^insert into/) },
      { state: 'done', statement: 'batches of one: 10 rows done' },
    ])
    const heard: RevEvent[] = []

    await upgradeOf(db, attempt('second', body('')), heard)

    expect(await numbers(db)).toEqual([...Array(25).fill(1), 50])
    expect(batchesIn(heard)).toEqual([20, 26])
    expect(codesIn(heard)).toContain('REV_NOTICE_BATCHES_GO_ON')
    expect(await linesOf(db)).toEqual([])
  })

  test.each([0, 140])(
    'say how far they are when they are told to stop, however late a cancellation arrives (%i ms)',
    async (lateMs) => {
      if (db.dialect === 'sqlite') return
      await fill(db, 25)
      const knex = createKnex(db.knexConfig())
      onTestFinished(() => knex.destroy())
      // A server that is far away, or busy: the statement has ended by then, and whatever follows may be hit.
      const client = knex.client as { cancelQuery(raw: unknown): Promise<void> }
      const cancel = client.cancelQuery.bind(client)
      client.cancelQuery = async (raw) => {
        await new Promise((resolve) => setTimeout(resolve, lateMs))
        const end = performance.now() + lateMs
        do await cancel(raw)
        while (performance.now() < end)
      }
      const sleep = db.dialect === 'postgresql' ? 'select pg_sleep(0.2)' : 'select sleep(0.2)'
      const text = attempt(
        'first',
        `await context.inBatches('one', { size: 10 }, async (rows, trx) => {
          await trx('one').whereIn('id', rows.map((row) => row.id)).increment('n', 1)
          if (rows[0].id <= 10) return
          context.log('sleeps')
          await trx.raw('${sleep}')
        })`,
      )
      const stop = new AbortController()
      const reporter = ({ type }: RevEvent): void => {
        if (type === 'log') setTimeout(() => stop.abort(), 50)
      }

      const rev = openRev(db, [text], { knex, reporter })
      const error = await errorOf(rev.upgrade({ allowNonEmpty: true, signal: stop.signal }))

      expect(error.code).toBe('REV_INTERRUPTED')
      const done = Number(/1 {2}batches of one: (\d+) rows done/.exec(error.message)?.[1])
      // A batch whose statement has ended before it was cancelled may be committed, and is then told to be.
      if (lateMs === 0) expect(done).toBe(10)
      expect(await numbers(db), error.message).toEqual([...Array(done).fill(1), ...Array(25 - done).fill(0)])
      expect(await rev.lock()).toMatchObject({ held: false })
    },
  )

  test('that are done are not done again when something behind them fails', async () => {
    await fill(db, 12)
    const body = (last: string): string => `
      await context.inBatches('one', { size: 5 }, ${ADD_ONE})
      await knex('one').where('id', 1).update({ n: 10 })
      await context.inBatches(knex('one').where('id', '>', 6), { size: 4 }, ${ADD_ONE})
      ${last}`
    await errorOf(upgradeOf(db, attempt('first', body(`throw new Error('not yet')`))))
    const heard: RevEvent[] = []

    await upgradeOf(db, attempt('second', body('')), heard)

    expect(await numbers(db)).toEqual([10, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    expect(batchesIn(heard)).toEqual([])
  })

  test('have one line in the journal, however many there are', async () => {
    await fill(db, 30)
    await errorOf(
      upgradeOf(db, attempt('first', `await context.inBatches('one', { size: 1 }, ${ADD_ONE}); throw new Error('no')`)),
    )

    expect(await linesOf(db)).toMatchObject([
      {
        state: 'done',
        statement: 'batches of one: 30 rows done, all of them',
        answer: expect.stringContaining('30"]'),
      },
    ])
    expect(await numbers(db)).toEqual(Array(30).fill(1))
  })

  test('of an empty table are none, and are remembered', async () => {
    await fill(db, 0)
    const heard: RevEvent[] = []
    const body = (last: string): string => `
      const rows = await context.inBatches('one', {}, () => { throw new Error('there are none') })
      await knex('one').insert({ id: 1, n: rows })
      ${last}`
    await errorOf(upgradeOf(db, attempt('first', body(`throw new Error('not yet')`))))

    await upgradeOf(db, attempt('second', body('')), heard)

    expect(await numbers(db)).toEqual([0])
    expect(batchesIn(heard)).toEqual([])
  })

  test('concern all conditions of a query, and hand over its columns only', async () => {
    await fill(db, 20)

    await upgradeOf(
      db,
      attempt(
        'first',
        `await context.inBatches(
          knex('one').where('id', '<', 4).orWhere('id', '>', 16).select('id', 'n'), { size: 2 }, async (rows, trx) => {
            for (const row of rows) {
              if (Object.keys(row).join() !== 'id,n') throw new Error(Object.keys(row).join())
              await trx('one').where('id', row.id).increment('n', 1)
            }
          })`,
      ),
    )

    expect(await numbers(db)).toEqual([1, 1, 1, ...Array(13).fill(0), 1, 1, 1, 1])
  })

  test('may go by a join, and lock what they read', async () => {
    await fill(db, 8)
    await db.knex().schema.createTable('two', (t) => {
      t.integer('one_id').primary()
    })
    await db
      .knex()('two')
      .insert([{ one_id: 2 }, { one_id: 5 }, { one_id: 7 }])
    const lock = db.dialect === 'sqlite' ? '' : `.forUpdate('one')`

    await upgradeOf(
      db,
      attempt(
        'first',
        `await context.inBatches(
          knex('one').join('two', 'two.one_id', 'one.id').select('one.id')${lock}, { key: 'one.id', size: 2 }, ${ADD_ONE})`,
      ),
    )

    expect(await numbers(db)).toEqual([0, 1, 0, 0, 1, 0, 1, 0])
  })

  test('of a revision with a transaction are a part of it', async () => {
    await fill(db, 25)
    const heard: RevEvent[] = []
    const body = (last: string): string => `await context.inBatches('one', { size: 10 }, ${ADD_ONE})\n${last}`
    const inside = { extra: '' }
    await errorOf(upgradeOf(db, attempt('first', body(`throw new Error('no')`), inside), heard))

    expect(await numbers(db)).toEqual(Array(25).fill(0))
    expect(codesIn(heard)).toContain('REV_NOTICE_BATCHES_TOGETHER')

    await upgradeOf(db, attempt('second', body(''), inside))

    expect(await numbers(db)).toEqual(Array(25).fill(1))
  })

  test('leave nothing behind that was not awaited: the batch is taken back', async () => {
    await fill(db, 5)
    const error = await errorOf(
      upgradeOf(
        db,
        attempt('first', `await context.inBatches('one', {}, async (rows, trx) => { trx('one').update({ n: 9 }) })`),
      ),
    )

    expect(error.code).toBe('REV_STEP_FORGOTTEN')
    expect(await linesOf(db)).toEqual([])

    await upgradeOf(db, attempt('second', `await context.inBatches('one', {}, ${ADD_ONE})`))

    expect(await numbers(db)).toEqual(Array(5).fill(1))
  })

  test('are told apart by their names, where calls stand under conditions', async () => {
    await fill(db, 6)
    const body = (first: string, last: string): string => `
      ${first}
      await context.inBatches('one', { name: 'always', size: 2 }, async (rows, trx) => {
        await trx('one').whereIn('id', rows.map((row) => row.id)).increment('n', 1)
        ${last}
      })`
    await errorOf(upgradeOf(db, attempt('first', body('', `if (rows[0].id > 2) throw new Error('stop')`))))

    await upgradeOf(
      db,
      attempt(
        'second',
        body(
          `if (x.never) await context.inBatches('one', { name: 'never' }, () => {})`.replace('x.', 'context.x.'),
          '',
        ),
      ),
    )

    expect(await numbers(db)).toEqual(Array(6).fill(1))
  })

  test('that go by another key than before are not gone on with', async () => {
    await db.knex().schema.createTable('one', (t) => {
      t.integer('id').primary()
      t.integer('n').notNullable().unique()
    })
    await db
      .knex()('one')
      .insert([1, 2, 3].map((id) => ({ id, n: 10 - id })))
    const body = (key: string): string => `
      await context.inBatches('one', { key: '${key}', size: 1 }, (rows) => { if (rows[0].id === 2) throw new Error('stop') })`
    await errorOf(upgradeOf(db, attempt('first', body('id'))))

    const error = await errorOf(upgradeOf(db, attempt('second', body('n'))))

    expect(error).toMatchObject({ code: 'REV_JOURNAL_UNCLEAR', details: { reason: 'other-batches' } })
  })

  test.each([
    [
      'the outer handle inside of a batch',
      `context.inBatches('one', {}, () => knex('one').update({ n: 1 }))`,
      'REV_STEP_CONCURRENT_TRANSACTION',
    ],
    [
      'batches inside of batches',
      `context.inBatches('one', {}, () => context.inBatches('one', {}, () => {}))`,
      'REV_BATCH_PLACE',
    ],
    ['two at a time', `Promise.all([1, 2].map(() => context.inBatches('one', {}, () => {})))`, 'REV_BATCH_PLACE'],
    [
      'a transaction begun by hand',
      `knex.raw('begin').then(() => context.inBatches('one', {}, () => {}))`,
      'REV_BATCH_PLACE',
    ],
  ])('refuse %s', async (_, body, code) => {
    await fill(db, 3)
    expect(await errorOf(upgradeOf(db, attempt('first', `await ${body}`)))).toMatchObject({ code })
    expect(await numbers(db)).toEqual([0, 0, 0])
  })

  test.each([
    ['a limit', `knex('one').limit(3)`, {}],
    ['an order', `knex('one').orderBy('n')`, {}],
    ['an update', `knex('one').update({ n: 1 })`, {}],
    ['rows', `[{ id: 1 }]`, {}],
    ['no size', `'one'`, { size: 0 }],
    ['a half row', `'one'`, { size: 1.5 }],
    ['a pause before it began', `'one'`, { pauseMs: -1 }],
    ['no key', `'one'`, { key: [] }],
  ])('refuse %s', async (_, source, options) => {
    await fill(db, 3)
    const body = `await context.inBatches(${source}, ${JSON.stringify(options)}, () => { throw new Error('it began') })`
    const error = await errorOf(upgradeOf(db, attempt('first', body)))
    expect(error.code).toMatch(/^REV_STEP_F/)
    expect(error.message).not.toContain('it began')
  })

  test('go on in a downgrade, too', async () => {
    await fill(db, 6)
    const down = (stop: string): Partial<RevisionText> => ({
      downgrade: `await context.inBatches('one', { size: 2 }, async (rows, trx) => {
        await trx('one').whereIn('id', rows.map((row) => row.id)).decrement('n', 1)
        ${stop}
      })`,
    })
    await upgradeOf(db, attempt('first', '', down(`if (rows[0].id > 2) throw new Error('stop')`)))
    const downgradeOf = (text: RevisionText) => openRev(db, [text]).downgrade({ target: 'base' })
    await errorOf(downgradeOf(attempt('second', '', down(`if (rows[0].id > 2) throw new Error('stop')`))))

    await downgradeOf(attempt('third', '', down('')))

    expect(await numbers(db)).toEqual(Array(6).fill(-1))
    expect(await rowsOf(db)).toEqual([])
  })

  test('begin anew after a repair that forgets how far they were', async () => {
    await fill(db, 6)
    const body = (stop: string): string => `
      await context.inBatches('one', { size: 2 }, async (rows, trx) => {
        await trx('one').whereIn('id', rows.map((row) => row.id)).increment('n', 1)
        ${stop}
      })`
    await errorOf(upgradeOf(db, attempt('first', body(`if (rows[0].id > 2) throw new Error('stop')`))))

    await openRev(db, [attempt('second', body(''))]).repair({ revision: 'aaa', action: 'rerun' })

    expect(await numbers(db)).toEqual([2, 2, 1, 1, 1, 1])
    expect(await linesOf(db)).toEqual([])
  })

  test.runIf(db.dialect === 'mysql')('refuse a definition that would commit one of them', async () => {
    await fill(db, 3)
    const error = await errorOf(
      upgradeOf(
        db,
        attempt(
          'first',
          `await context.inBatches('one', { size: 1 }, async (rows, trx) => {
            await trx('one').where('id', rows[0].id).increment('n', 1)
            await trx.schema.alterTable('one', (t) => { t.integer('m' + rows[0].id) })
          })`,
        ),
      ),
    )

    expect(error).toMatchObject({ code: 'REV_BATCH_PLACE', details: { outcome: { committedStatements: 0 } } })
    expect(await numbers(db)).toEqual([0, 0, 0])
    expect(await db.knex().schema.hasColumn('one', 'm1')).toBe(false)
  })

  test.runIf(db.dialect === 'mysql')('of a revision with a transaction go before its definitions', async () => {
    await fill(db, 5)
    const inside = { extra: '' }
    const define = `await knex.schema.alterTable('one', (t) => { t.integer('m') })`
    const body = (last: string): string => `
      await context.inBatches('one', { size: 2 }, ${ADD_ONE})
      ${define}
      ${last}`
    const late = `await context.inBatches('one', {}, ${ADD_ONE})`
    const error = await errorOf(upgradeOf(db, attempt('first', body(late), inside)))
    expect(error.code).toBe('REV_BATCH_PLACE')
    expect(await linesOf(db)).toMatchObject([
      { statement: 'batches of one: 5 rows done, all of them' },
      { statement: expect.stringMatching(/^alter table/) },
    ])

    await upgradeOf(db, attempt('second', body(''), inside))

    expect(await numbers(db)).toEqual(Array(5).fill(1))
  })

  test('read rows, which a script cannot', async () => {
    const rev = openRev(db, [attempt('first', `await context.inBatches('one', {}, () => {})`)])
    const error = await errorOf(rev.sql({ direction: 'upgrade', write: () => undefined }))
    expect(error.code).toBe('REV_OFFLINE_READ')
    expect(error.hint).toContain('offline(knex)')
  })

  test.each([
    ["{ table: 'one', key: 'id' }, () => {}", 'inBatches takes the name of a table'],
    ["knex('one').orderBy('id'), {}, () => {}", 'without an order'],
    ["knex('one').update({ n: 1 }), {}, () => {}", 'cannot "update"'],
    ["'one', { size: 0 }, () => {}", 'a batch cannot have 0 rows'],
    ["'one', { key: [] }, () => {}", 'the key of batches'],
  ])('of what are none are refused in a run and in a script: %s', async (call, said) => {
    await fill(db, 1)
    const text = attempt('first', `await context.inBatches(${call})`)
    const message = expect.stringContaining(said)
    expect(await errorOf(upgradeOf(db, text))).toMatchObject({ code: 'REV_STEP_FAILED', message })
    const written = openRev(db, [text]).sql({ direction: 'upgrade', write: () => undefined })
    expect(await errorOf(written)).toMatchObject({ code: 'REV_OFFLINE_FAILED', message })
  })
})
