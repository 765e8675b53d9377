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
