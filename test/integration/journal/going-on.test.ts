import { beforeEach, expect, test } from 'vitest'
import type { RevError, RevEvent } from '../../../src/index.ts'
import { errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
const TABLES = `
  await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
  await knex('one').insert([{ n: 1 }, { n: 2 }])`

/** A revision outside of a transaction. */
const attempt = (message: string, upgrade: string, more: Partial<RevisionText> = {}): RevisionText => ({
  revision: 'aaa',
  message,
  extra: OUTSIDE,
  upgrade,
  ...more,
})

const upgradeOf = (db: TestDatabase, text: RevisionText, heard: RevEvent[] = []) =>
  openRev(db, [text], { reporter: (event) => heard.push(event) }).upgrade()
const journalOf = async (db: TestDatabase): Promise<{ number: number; state: string }[]> => {
  const rows: { number: number; state: string }[] = await db
    .knex()('rev_step')
    .select('number', 'state')
    .orderBy('number')
  return rows.map(({ number, state }) => ({ number: Number(number), state }))
}
const numbers = async (db: TestDatabase): Promise<number[]> =>
  (await db.knex()('one').orderBy('id').pluck('n')).map(Number)
const sentBy = (heard: readonly RevEvent[]): string[] =>
  heard.flatMap((event) => (event.type === 'statement' ? [event.sql.split(' ').slice(0, 2).join(' ')] : []))

describeEachDialect('a step that stopped half way', (db) => {
  beforeEach(() => db.empty())

  test('says what of it is in the database, with numbers', async () => {
    const error = await errorOf(upgradeOf(db, attempt('first', `${TABLES}\nawait knex('nowhere').insert({ n: 3 })`)))

    expect(error.code).toBe('REV_STEP_FAILED')
    expect(error.details).toMatchObject({
      rolledBack: false,
      committedStatements: 2,
      kept: [
        { number: 1, statement: expect.stringMatching(/^create table/) },
        { number: 2, statement: expect.stringMatching(/^insert into/) },
      ],
    })
    expect(error.message).toContain('2 statements of it are in the database')
    expect(error.hint).toContain('it goes on behind those that are done')
    expect(await journalOf(db)).toMatchObject([{ state: 'done' }, { state: 'done' }, { state: 'failed' }])
    expect(await rowsOf(db)).toEqual([])
  })

  test('goes on behind what is done when the statement that failed is corrected', async () => {
    await errorOf(upgradeOf(db, attempt('first', `${TABLES}\nawait knex('nowhere').insert({ n: 3 })`)))
    const heard: RevEvent[] = []

    const result = await upgradeOf(db, attempt('second', `${TABLES}\nawait knex('one').insert({ n: 3 })`), heard)

    expect(result.steps).toHaveLength(1)
    expect(sentBy(heard)).toEqual(['insert into'])
    expect(heard).toContainEqual(expect.objectContaining({ type: 'notice', code: 'REV_NOTICE_GOES_ON' }))
    expect(await numbers(db)).toEqual([1, 2, 3])
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await journalOf(db)).toEqual([])
  })

  test('goes on more than once, each time behind what is done', async () => {
    await errorOf(upgradeOf(db, attempt('first', `${TABLES}\nthrow new Error('not yet')`)))
    const more = `${TABLES}\nawait knex('one').insert({ n: 3 })`
    await errorOf(upgradeOf(db, attempt('second', `${more}\nthrow new Error('not yet')`)))

    await upgradeOf(db, attempt('third', `${more}\nawait knex('one').insert({ n: 4 })`))

    expect(await numbers(db)).toEqual([1, 2, 3, 4])
  })

  test('leaves out what guards leave out, because it is there already', async () => {
    const guarded = (last: string): string => `
      if (!(await knex.schema.hasTable('one'))) {
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
      }
      await knex('one').insert({ n: 1 })
      ${last}`
    await errorOf(upgradeOf(db, attempt('first', guarded(`await knex('nowhere').insert({ n: 2 })`))))

    await upgradeOf(db, attempt('second', guarded(`await knex('one').insert({ n: 2 })`)))

    expect(await numbers(db)).toEqual([1, 2])
  })

  test('sends a statement again that failed and was caught', async () => {
    const caught = `${TABLES}
      await knex('nowhere').insert({ n: 9 }).catch(() => undefined)
      await knex('one').insert({ n: 3 })`
    await errorOf(upgradeOf(db, attempt('first', `${caught}\nthrow new Error('not yet')`)))

    await upgradeOf(db, attempt('second', `${caught}\nawait knex('one').insert({ n: 4 })`))

    expect(await numbers(db)).toEqual([1, 2, 3, 4])
  })

  test('gets the answers of what is done as they were', async () => {
    const asks = (last: string): string => `${TABLES}
      const changed = await knex('one').where('n', 2).update({ n: 20 })
      const raw = await knex.raw('delete from one where n = 1')
      ${last}`
    await errorOf(upgradeOf(db, attempt('first', asks(`throw new Error('not yet')`))))

    await upgradeOf(db, attempt('second', asks(`await knex('one').insert({ n: changed + 100 })`)))

    expect(await numbers(db)).toEqual([20, 101])
  })

  test('takes a transaction of its own for one thing: all of it is done, or nothing', async () => {
    const two = (second: string): string => `
      await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
      await knex.transaction(async (trx) => {
        await trx('one').insert({ n: 1 })
        await trx('one').insert({ n: 2 })
      })
      await knex.transaction(async (trx) => {
        await trx('one').insert({ n: 3 })
        ${second}
      })`
    const error = await errorOf(upgradeOf(db, attempt('first', two(`throw new Error('not yet')`))))
    expect(await numbers(db)).toEqual([1, 2])
    expect(error.details).toMatchObject({ committedStatements: 3 })

    await upgradeOf(db, attempt('second', two(`await trx('one').insert({ n: 4 })`)))

    expect(await numbers(db)).toEqual([1, 2, 3, 4])
  })

  test('keeps no record of what a savepoint took back', async () => {
    const inner = (last: string): string => `
      await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
      await knex.transaction(async (trx) => {
        await trx('one').insert({ n: 1 })
        await trx.transaction(async (deep) => {
          await deep('one').insert({ n: 2 })
          throw new Error('taken back')
        }).catch(() => undefined)
        await trx('one').insert({ n: 3 })
      })
      ${last}`
    await errorOf(upgradeOf(db, attempt('first', inner(`throw new Error('not yet')`))))

    await upgradeOf(db, attempt('second', inner(`await knex('one').insert({ n: 4 })`)))

    expect(await numbers(db)).toEqual([1, 3, 4])
  })

  test.each([
    ['the same text with other values', `${TABLES.replace('{ n: 2 }', '{ n: 7 }')}`, 'other-values'],
    ['what is done in another order', `await knex('one').insert([{ n: 1 }, { n: 2 }])\n${TABLES}`, 'order'],
    [
      'rows that are done and are gone from the file',
      TABLES.replace(/\n\s*await knex\('one'\)\.insert.*/, ''),
      'absent',
    ],
  ])('stops before anything is sent for %s', async (_, upgrade, reason) => {
    await errorOf(upgradeOf(db, attempt('first', `${TABLES}\nawait knex('nowhere').insert({ n: 3 })`)))

    const error = await errorOf(upgradeOf(db, attempt('second', upgrade)))

    expect(error.code).toBe('REV_JOURNAL_UNCLEAR')
    expect(error.details).toMatchObject({ revision: 'aaa', reason })
    expect(await numbers(db)).toEqual([1, 2])
    expect(await rowsOf(db)).toEqual([])
    expect(await journalOf(db)).toMatchObject([{ state: 'done' }, { state: 'done' }])
  })

  test('lets nothing else run meanwhile, and says so where nothing would be to do', async () => {
    const base: RevisionText = { revision: 'base1', upgrade: '' }
    const broken = attempt('first', `${TABLES}\nawait knex('nowhere').insert({ n: 3 })`, { down: 'base1' })
    const rev = openRev(db, [base, broken])
    await errorOf(rev.upgrade())

    const codes: string[] = []
    for (const work of [
      () => rev.downgrade({ target: 'base' }),
      () => rev.stamp({ targets: ['aaa'] }),
      () => rev.upgrade({ target: 'base1' }),
    ]) {
      const error = await errorOf(work())
      codes.push(error.code)
      expect((error as RevError<'REV_JOURNAL_UNFINISHED'>).details.done).toHaveLength(2)
    }

    expect(codes).toEqual(['REV_JOURNAL_UNFINISHED', 'REV_JOURNAL_UNFINISHED', 'REV_JOURNAL_UNFINISHED'])
    expect(await rowsOf(db)).toEqual(['base1'])
  })

  test('on the way down goes on, too', async () => {
    const both = (message: string, second: string): RevisionText =>
      attempt(message, TABLES, {
        downgrade: `await knex('one').where('n', 1).del()\n${second}\nawait knex.schema.dropTable('one')`,
      })
    await upgradeOf(db, both('first', `await knex('nowhere').del()`))
    const rev = openRev(db, [both('second', `await knex('nowhere').del()`)])
    const error = await errorOf(rev.downgrade({ target: 'base' }))
    expect(error.details).toMatchObject({ direction: 'downgrade', committedStatements: 1 })
    expect(await numbers(db)).toEqual([2])

    const nothing = await errorOf(rev.upgrade())
    expect(nothing.code).toBe('REV_JOURNAL_UNFINISHED')
    await openRev(db, [both('third', '')]).downgrade({ target: 'base' })

    expect(await tablesOf(db)).toEqual([])
    expect(await rowsOf(db)).toEqual([])
  })
})

describeEachDialect(
  'a step whose definitions commit by themselves',
  (db) => {
    beforeEach(() => db.empty())
    const inside = (message: string, upgrade: string): RevisionText => ({ revision: 'aaa', message, upgrade })

    test('keeps a record of the rows that a definition committed with it', async () => {
      const rows = `
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
        await knex('one').insert({ n: 1 })
        await knex('one').insert({ n: 2 })
        await knex.schema.createTable('two', (t) => { t.increments('id') })`
      const error = await errorOf(upgradeOf(db, inside('first', `${rows}\nawait knex('nowhere').insert({ n: 3 })`)))
      expect(error.details).toMatchObject({ committedStatements: 4, rolledBack: false })

      await upgradeOf(db, inside('second', `${rows}\nawait knex('one').insert({ n: 3 })`))

      expect(await numbers(db)).toEqual([1, 2, 3])
      expect(await tablesOf(db)).toEqual(['one', 'two'])
    })

    test('has nothing in the journal when only rows were changed, and all of them were rolled back', async () => {
      await db.knex().schema.createTable('one', (t) => {
        t.increments('id')
        t.integer('n')
      })
      const upgrade = `await knex('one').insert({ n: 1 })\nthrow new Error('no')`

      const error = await errorOf(openRev(db, [inside('first', upgrade)]).upgrade({ allowNonEmpty: true }))

      expect(error.details).toMatchObject({ rolledBack: true, committedStatements: 0 })
      expect(await journalOf(db)).toEqual([])
      expect(await numbers(db)).toEqual([])
    })

    test('keeps no record of rows that were taken back before a definition', async () => {
      const upgrade = (last: string): string => `
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
        await knex.raw('start transaction')
        ${last}`
      // Begun by hand inside the transaction of the step, which rev refuses: the journal stays as it is.
      const error = await errorOf(upgradeOf(db, inside('first', upgrade(''))))

      expect(error.code).toBe('REV_STEP_TRANSACTION_ENDED')
      expect(await journalOf(db)).toEqual([{ number: 1, state: 'done' }])
    })

    test('knows each statement of a transaction that a definition has made void before it began', async () => {
      const chunks = `
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
        await knex.batchInsert('one', [{ n: 1 }, { n: 2 }, { n: 3 }], 1)`
      await errorOf(upgradeOf(db, inside('first', `${chunks}\nthrow new Error('not yet')`)))
      expect(await journalOf(db)).toMatchObject([1, 2, 3, 4].map((number) => ({ number, state: 'done' })))

      await upgradeOf(db, inside('second', `${chunks}\nawait knex('one').insert({ n: 4 })`))

      expect(await numbers(db)).toEqual([1, 2, 3, 4])
    })

    test('knows of each statement of a text whether it was carried out', async () => {
      const text = (last: string): string => `
        const [answers] = await knex.raw("create table one (id int auto_increment primary key, n int); insert into one (n) values (?), (?); ${last}", [1, 2])
        if (answers[1].affectedRows !== 2 || answers.length !== 3) throw new Error('other answers')`
      const config = db.knexConfig()
      const connection = Object.assign({}, config.connection, { multipleStatements: true })
      const run = (message: string, last: string) =>
        openRev(db, [inside(message, text(last))], { config: { ...config, connection } }).upgrade()
      const error = await errorOf(run('first', 'insert into nowhere (n) values (3)'))
      expect(error.details).toMatchObject({
        committedStatements: 2,
        statement: 'insert into nowhere (n) values (3)',
        kept: [{ statement: expect.stringMatching(/^create/) }, { statement: 'insert into one (n) values (?), (?)' }],
      })

      const { steps } = await run('second', "insert into one (n) values (3) -- it's the last")

      expect(steps).toMatchObject([{ statements: 1 }])
      expect(await numbers(db)).toEqual([1, 2, 3])
    })

    test('cannot take back what an earlier attempt has done for good', async () => {
      const upgrade = `
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
        await knex.transaction(async (trx) => {
          await trx('one').insert({ n: 8 })
          throw new Error('taken back')
        }).catch(() => undefined)`
      expect((await errorOf(upgradeOf(db, inside('first', upgrade)))).code).toBe('REV_STEP_ROLLBACK_LOST')

      expect((await errorOf(upgradeOf(db, inside('second', upgrade)))).code).toBe('REV_STEP_ROLLBACK_LOST')
      expect(await rowsOf(db)).toEqual([])
    })

    test('lets rows be written while others are streamed', async () => {
      const upgrade = `
        await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })
        await knex('one').insert([{ n: 1 }, { n: 2 }])
        for await (const row of knex('one').select('n').stream()) await knex('one').insert({ n: row.n + 10 })`

      await upgradeOf(db, inside('first', upgrade))

      expect(await numbers(db)).toEqual([1, 2, 11, 12])
    })

    test('shows no password of a statement', async () => {
      const user = `u${Date.now()}`
      const create = `await knex.raw("create user ${user} identified by 'hunter2'")`
      const error = await errorOf(upgradeOf(db, inside('first', `${create}\nthrow new Error('no')`)))
      const [entry] = await db.knex()('rev_step').select('statement')
      await db.knex().raw(`drop user ${user}`)

      expect(JSON.stringify(error.details)).not.toContain('hunter2')
      expect(entry.statement).toBe(`create user ${user} identified by '***'`)
    })

    test('goes on when a definition that was refused is corrected', async () => {
      const upgrade = (column: string): string => `${TABLES}
        await knex.schema.alterTable('one', (t) => { t.integer('${column}') })`
      await errorOf(upgradeOf(db, inside('first', upgrade('n'))))

      await upgradeOf(db, inside('second', upgrade('m')))

      expect(await db.knex().schema.hasColumn('one', 'm')).toBe(true)
      expect(await numbers(db)).toEqual([1, 2])
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'an index that is built concurrently',
  (db) => {
    beforeEach(() => db.empty())
    const index = `await knex.raw('create unique index concurrently one_n on one (n)')`
    const twice = TABLES.replace('{ n: 2 }', '{ n: 1 }')
    const invalid = async (): Promise<unknown[]> =>
      (await db.knex().raw('select 1 from pg_index where not indisvalid')).rows

    test('is taken away when it was not finished, and built anew', async () => {
      const first = await errorOf(upgradeOf(db, attempt('first', `${twice}\n${index}`)))
      expect(first).toMatchObject({ code: 'REV_STEP_FAILED', details: { rolledBack: false, invalidIndex: true } })
      expect(first.message).toContain('the index that was not finished may be there')
      expect(await invalid()).toHaveLength(1)

      const remedied = `${twice}\nawait knex('one').where('id', 2).update({ n: 5 })\n${index}`
      const heard: RevEvent[] = []
      await upgradeOf(db, attempt('second', remedied), heard)

      expect(await invalid()).toEqual([])
      expect(heard).toContainEqual(expect.objectContaining({ code: 'REV_NOTICE_INVALID_INDEX' }))
      await expect(db.knex()('one').insert({ n: 5 })).rejects.toMatchObject({ code: '23505' })
    })

    test('that somebody else left unfinished does not pass for one that is there', async () => {
      await db.knex().raw('create table one (id int, n int)')
      await db.knex().raw('insert into one values (1, 1), (2, 1)')
      await db
        .knex()
        .raw('create unique index concurrently one_n on one (n)')
        .catch(() => undefined)
      await db.knex().raw('update one set n = id')
      const again = index.replace('one_n', 'if not exists one_n')

      await openRev(db, [attempt('first', again)]).upgrade({ allowNonEmpty: true })

      expect(await invalid()).toEqual([])
    })
  },
  { only: ['postgresql'] },
)
