import { beforeEach, expect, test } from 'vitest'
import { errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'

const run = (db: TestDatabase, message: string, upgrade: string) =>
  openRev(db, [{ revision: 'aaa', message, extra: 'export const transaction = false', upgrade }]).upgrade({
    allowNonEmpty: true,
  })

describeEachDialect(
  'what does more than its words say',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await db.knex().schema.createTable('one', (t) => {
        t.increments('id')
        t.integer('n')
      })
      if (db.dialect === 'postgresql') {
        await db
          .knex()
          .raw(`create function f() returns integer language sql as 'insert into one (n) values (1) returning n'`)
        await db.knex().raw(`create function "Quiet"() returns integer language sql stable as 'select 1'`)
      } else {
        await db
          .knex()
          .raw('create function f() returns int modifies sql data begin insert into one (n) values (1); return 1; end')
      }
    })
    const count = async (): Promise<number> => (await db.knex()('one').pluck('id')).length

    const statements =
      db.dialect === 'postgresql'
        ? [
            'select f()',
            'select * from f()',
            'select f() from generate_series(1, 1)',
            'prepare p as insert into one (n) values (7)',
            'execute p',
          ]
        : ['select f()', 'do f()', 'set statement max_statement_time = 10 for insert into one (n) values (2)']

    test('has its line in the journal, and is not done twice', async () => {
      const text = statements.map((sql) => `await knex.raw('${sql}')`).join('\n')
      const error = await errorOf(run(db, 'first', `${text}\nthrow new Error('not yet')`))
      const done = await count()
      expect(done).toBe(db.dialect === 'postgresql' ? 4 : 3)
      expect(error.details).toMatchObject({ committedStatements: done })

      await run(db, 'second', text)

      expect(await count()).toBe(done)
      expect(await rowsOf(db)).toEqual(['aaa'])
    })

    test('is asked again when it only reads', async () => {
      const read =
        db.dialect === 'postgresql' ? `select "Quiet"(), now(), count(*) from one` : 'select now(), count(*) from one'
      const error = await errorOf(run(db, 'first', `await knex.raw('${read}')\nthrow new Error('not yet')`))

      expect(error.details).toMatchObject({ committedStatements: 0 })
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'a session that is not the first one',
  (db) => {
    beforeEach(() => db.empty())
    const tables = `
      await knex.raw('create table one (id int auto_increment primary key, n int)')
      await knex.raw('insert into one (n) values (1)')`

    test.each([
      ['the key of an insert that is not sent again', `await knex.raw('select last_insert_id()')`],
      [
        'a variable that a statement set which is not sent again',
        `await knex.raw('insert into one (n) values (@n := 5)')`,
      ],
    ])('stops at %s', async (_, statement) => {
      const upgrade = `${tables}\n${statement}`
      await errorOf(run(db, 'first', `${upgrade}\nthrow new Error('not yet')`))
      const before = await db.knex()('one').select()

      const error = await errorOf(run(db, 'second', upgrade))

      expect(error).toMatchObject({ code: 'REV_JOURNAL_UNCLEAR', details: { reason: 'answer' } })
      expect(await db.knex()('one').select()).toEqual(before)
    })

    test('sets its variables again', async () => {
      const upgrade = `${tables}\nawait knex.raw('set @n = 7')`
      await errorOf(run(db, 'first', `${upgrade}\nthrow new Error('not yet')`))

      await run(db, 'second', `${upgrade}\nawait knex.raw('insert into one (n) values (@n)')`)

      expect(await db.knex()('one').orderBy('id').pluck('n')).toEqual([1, 7])
    })

    test('knows the rows that LOCK TABLES committed', async () => {
      await db.knex().raw('create table one (id int auto_increment primary key, n int)')
      const upgrade = `await knex('one').insert({ n: 1 })\nawait knex.raw('lock tables one write')`
      const once = (message: string, last: string) =>
        openRev(db, [{ revision: 'aaa', message, upgrade: `${upgrade}\n${last}` }]).upgrade({ allowNonEmpty: true })
      const error = await errorOf(once('first', `throw new Error('not yet')`))
      expect(error.details).toMatchObject({ rolledBack: false, committedStatements: 1 })

      await once('second', `await knex.raw('unlock tables')`)

      expect(await db.knex()('one').pluck('n')).toEqual([1])
    })
  },
  { only: ['mysql'] },
)
