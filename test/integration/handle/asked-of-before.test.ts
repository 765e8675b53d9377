import { expect, test } from 'vitest'
import { errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

const OUTSIDE = 'export const transaction = false'
const tables = `
  await knex.schema.createTable('kept', (t) => { t.increments('id'); t.integer('n') })
  await knex('kept').insert([{ id: 41, n: 1 }, { id: 42, n: 2 }])`

describeEachDialect(
  'a question about the statement before it',
  (db) => {
    const functions = db.dialect === 'sqlite' ? ['last_insert_rowid()', 'changes()'] : ['row_count()', 'found_rows()']

    test.each(functions)('is refused where rev sends statements of its own in between: %s', async (asked) => {
      for (const extra of db.dialect === 'mysql' ? ['', OUTSIDE] : [OUTSIDE]) {
        await db.empty()
        const upgrade = `${tables}\nawait knex.raw('insert into kept (n) select ${asked}')`

        const error = await errorOf(openRev(db, [{ revision: 'aaa', extra, upgrade }]).upgrade())

        expect(error.code).toBe('REV_STEP_SILENT_CHANGE')
        expect(error.message).toContain(`${asked} asks about the statement before it`)
        expect(error.details).toMatchObject({ revision: 'aaa', line: expect.any(Number) })
        expect(error.hint).toContain('or have one statement decide by itself')
        expect(await db.knex()('kept').orderBy('id').pluck('n')).toEqual([1, 2])
        expect(await rowsOf(db)).toEqual([])
      }
    })
  },
  { only: ['mysql', 'sqlite'] },
)

describeEachDialect(
  'a question about the statement before it, in the transaction of a revision,',
  (db) => {
    test('is answered', async () => {
      await db.empty()
      const upgrade = `${tables}
        await knex.raw('insert into kept (id, n) select 50 + changes(), last_insert_rowid()')`
      await openRev(db, [{ revision: 'aaa', upgrade }]).upgrade()
      expect(await db.knex()('kept').where({ id: 52 }).pluck('n')).toEqual([42])
    })
  },
  { only: ['sqlite'] },
)

describeEachDialect(
  'a question about the last key that was given',
  (db) => {
    test.each([
      ['in a transaction', ''],
      ['outside of one', OUTSIDE],
    ])('is answered %s', async (_, extra) => {
      await db.empty()
      const asked = db.dialect === 'mysql' ? 'last_insert_id()' : 'lastval()'
      const upgrade = `
        await knex.schema.createTable('kept', (t) => { t.increments('id'); t.integer('n') })
        await knex('kept').insert({ n: 1 })
        await knex.raw('create table answers as select 10 + ${asked} as n')`
      await openRev(db, [{ revision: 'aaa', extra, upgrade }]).upgrade()
      expect((await db.knex()('answers').pluck('n')).map(Number)).toEqual([11])
    })
  },
  { only: ['mysql', 'postgresql'] },
)
