import { beforeEach, describe, expect, test } from 'vitest'
import { errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { type DialectName, describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
const FIRST: RevisionText = {
  revision: 'first',
  upgrade: `await knex.schema.createTable('one', (table) => { table.integer('id').primary() })`,
}
const TWO = `await knex.schema.createTable('two', (table) => { table.integer('id') })`
const AGAIN = `insert({ id: 1 }).catch(() => {})`
const inside = (...lines: string[]): string => `await knex.transaction(async (trx) => {\n${lines.join('\n')}\n})`
const nested = `await trx.transaction((inner) => inner('one').insert({ id: 1 })).catch(() => {})`

// A refused statement is a failed transaction on PostgreSQL.
const CASES: readonly (readonly [string, string, string, readonly DialectName[]])[] = [
  [
    'in the transaction of a step',
    '',
    `await knex('one').insert({ id: 1 })\nawait knex('one').${AGAIN}\n${TWO}\nawait knex('one').insert({ id: 2 })`,
    ['mysql'],
  ],
  [
    'in a transaction of the revision',
    OUTSIDE,
    `${inside(`await trx('one').insert({ id: 1 })`, `await trx('one').${AGAIN}`, `await trx('one').insert({ id: 2 })`)}\n${TWO}`,
    ['mysql', 'sqlite'],
  ],
  [
    'in a nested transaction',
    OUTSIDE,
    `${inside(`await trx('one').insert({ id: 1 })`, nested, `await trx('one').insert({ id: 2 })`)}\n${TWO}`,
    ['mysql', 'postgresql', 'sqlite'],
  ],
  [
    'outside of a transaction',
    OUTSIDE,
    `await knex('one').insert({ id: 1 })\nawait knex('one').${AGAIN}\nawait knex('one').insert({ id: 2 })\n${TWO}`,
    ['mysql', 'postgresql', 'sqlite'],
  ],
]

describe.each(CASES)('a statement whose failure was caught %s', (_, extra, upgrade, only) => {
  describeEachDialect(
    'and that comes before others',
    (db) => {
      beforeEach(() => db.empty())

      test('is sent again when the step goes on', async () => {
        const second = (more: string): RevisionText[] => [
          FIRST,
          { revision: 'second', down: 'first', extra, upgrade: `${upgrade}\n${more}` },
        ]
        const failure = await errorOf(openRev(db, second(`await knex('nowhere').insert({ id: 3 })`)).upgrade())
        expect(failure.details).toMatchObject({ rolledBack: false, committedStatements: 3 })

        await openRev(db, second(`await knex('two').insert({ id: 3 })`)).upgrade()

        expect(await rowsOf(db)).toEqual(['second'])
        expect(await tablesOf(db)).toEqual(['one', 'two'])
        expect((await db.knex()('one').pluck('id')).sort()).toEqual([1, 2])
        expect(await db.knex()('two').pluck('id')).toEqual([3])
        expect(await db.knex()('rev_step')).toEqual([])
      })
    },
    { only },
  )
})

describeEachDialect('a statement whose failure was caught, and that is done when the step goes on,', (db) => {
  beforeEach(() => db.empty())

  test('is done once when the step stops again', async () => {
    const second = (more: string): RevisionText[] => [
      FIRST,
      {
        revision: 'second',
        down: 'first',
        extra: OUTSIDE,
        upgrade: `
          await knex('one').insert({ id: 1 })
          await knex('late').insert({ id: 2 }).catch(() => {})
          await knex('one').insert({ id: 3 })
          ${more}`,
      },
    ]
    await errorOf(openRev(db, second(`await knex('nowhere').insert({ id: 4 })`)).upgrade())
    await db.knex().schema.createTable('late', (table) => table.integer('id'))
    await errorOf(openRev(db, second(`await knex('nowhere').insert({ id: 4 })`)).upgrade())

    await openRev(db, second(`await knex('one').insert({ id: 4 })`)).upgrade()

    expect(await db.knex()('late').pluck('id')).toEqual([2])
    expect((await db.knex()('one').pluck('id')).sort()).toEqual([1, 3, 4])
    expect(await rowsOf(db)).toEqual(['second'])
  })
})

describeEachDialect('a statement that failed, and that the revision itself has sent once more,', (db) => {
  beforeEach(() => db.empty())

  test('is not sent again by a step that goes on before somebody has looked', async () => {
    // Its second attempt works, because another statement has made way for it.
    const once = `knex('one').insert({ id: 2 })`
    const second = (more: string): RevisionText[] => [
      { ...FIRST, upgrade: `await knex.schema.createTable('one', (table) => { table.integer('id') })\n${TWO}` },
      {
        revision: 'second',
        down: 'first',
        extra: OUTSIDE,
        upgrade: `
          const caught = (error) => { if (error.code !== 'REV_JOURNAL_UNCLEAR') throw error }
          await knex('one').insert({ id: 1 })
          await ${once}.catch(() => globalThis.makeWay().then(() => ${once})).catch(caught)
          ${more}`,
        extension: 'mjs',
      },
    ]
    await openRev(db, second('')).upgrade({ target: 'first' })
    await db.knex().schema.renameTable('one', 'hidden')
    await db.knex().schema.createTable('one', (table) => table.integer('id').checkIn(['1']))
    const makeWay = async (): Promise<void> => {
      if (!(await db.knex().schema.hasTable('hidden'))) return
      await db.knex().schema.dropTable('one')
      await db.knex().schema.renameTable('hidden', 'one')
    }
    Object.assign(globalThis, { makeWay })
    await errorOf(openRev(db, second(`await knex('nowhere').insert({ id: 4 })`)).upgrade())

    const error = await errorOf(openRev(db, second(`await knex('two').insert({ id: 4 })`)).upgrade())

    expect(error).toMatchObject({ code: 'REV_JOURNAL_UNCLEAR', details: { reason: 'failed-before', number: 3 } })
    // Nor anything behind it, although the revision has caught this error, too.
    expect(await db.knex()('one').pluck('id')).toEqual([2])
    expect(await db.knex()('two').pluck('id')).toEqual([])
    await openRev(db, second(`await knex('two').insert({ id: 4 })`)).repair({ revision: 'second', action: 'resume' })
    expect(await db.knex()('one').pluck('id')).toEqual([2])
    expect(await db.knex()('two').pluck('id')).toEqual([4])
    expect(await rowsOf(db)).toEqual(['second'])
  })
})

describeEachDialect('a step that cannot go on by itself, and that has caught the error for it,', (db) => {
  beforeEach(() => db.empty())

  test('sends nothing more', async () => {
    const second = (middle: string, last: string): RevisionText[] => [
      { ...FIRST, upgrade: `${FIRST.upgrade}\n${TWO}` },
      {
        revision: 'second',
        down: 'first',
        extra: OUTSIDE,
        upgrade: `await knex('one').insert({ id: 1 })\n${middle}\nawait knex('one').insert({ id: 2 })\n${last}`,
      },
    ]
    await errorOf(openRev(db, second('', `await knex('nowhere').insert({ id: 3 })`)).upgrade())

    const edited = second(`await knex('one').insert({ id: 5 }).catch(() => {})`, `await knex('two').insert({ id: 3 })`)
    const error = await errorOf(openRev(db, edited).upgrade())

    expect(error).toMatchObject({ code: 'REV_JOURNAL_UNCLEAR', details: { reason: 'other-values' } })
    expect((await db.knex()('one').pluck('id')).sort()).toEqual([1, 2])
    expect(await db.knex()('two').pluck('id')).toEqual([])
  })
})
