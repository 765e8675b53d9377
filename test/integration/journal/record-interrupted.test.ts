import { beforeEach, describe, expect, test } from 'vitest'
import { errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'

/** Errors that end the statement which they meet, and nothing else: an administrator, a limit, another session. */
const ERRORS = [
  ['interrupted', 1317],
  ['out of time', 1969],
  ['tired of waiting', 1205],
  ['chosen to end a deadlock', 1213],
] as const

describeEachDialect(
  'a definition that took place, and whose record could not be written,',
  (db) => {
    beforeEach(() => db.empty())

    const meets = async (errno: number): Promise<void> => {
      // The journal is there once something was in it.
      const first: RevisionText = {
        revision: 'first',
        extra: OUTSIDE,
        upgrade: `await knex.raw('create table first (id int)')`,
      }
      await openRev(db, [first]).upgrade()
      await db.knex().raw(`create trigger interrupts before update on rev_step for each row
        if new.state = 'done' then signal sqlstate '45000' set mysql_errno = ${errno}, message_text = 'no record'; end if`)
    }
    const revisions = (extra: string): RevisionText[] => [
      { revision: 'first', extra: OUTSIDE, upgrade: `await knex.raw('create table first (id int)')` },
      {
        revision: 'second',
        down: 'first',
        extra,
        upgrade: `await knex('first').insert({ id: 1 })
          await knex.schema.createTable('second', (table) => { table.integer('id') })
          await knex('second').insert({ id: 2 })`,
      },
    ]

    describe.each([
      ['in a transaction', ''],
      ['in a transaction that may be tried again', 'export const config = { retries: 2 }'],
      ['outside of one', OUTSIDE],
    ])('%s', (_, extra) => {
      test.each(ERRORS)('is neither taken for failed nor sent again: %s', async (_words, errno) => {
        await meets(errno)

        const error = await errorOf(openRev(db, revisions(extra)).upgrade())

        expect(error.message).toContain('no record')
        expect(error.details).toMatchObject({
          outcome: { rolledBack: false, failed: 'second', unknown: [{ number: 2 }] },
        })
        expect(await db.knex()('rev_step').orderBy('number').pluck('state')).toEqual(['done', 'running'])
        expect(await tablesOf(db)).toEqual(['first', 'second'])
        await db.knex().raw('drop trigger interrupts')
        await openRev(db, revisions(extra)).upgrade()
        expect(await rowsOf(db)).toEqual(['second'])
        expect(await db.knex()('first').pluck('id')).toEqual([1])
        expect(await db.knex()('second').pluck('id')).toEqual([2])
        expect(await db.knex()('rev_step').pluck('state')).toEqual([])
      })
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'a statement whose record could not be written, and whose error was caught,',
  (db) => {
    beforeEach(() => db.empty())

    test('is followed by no other', async () => {
      const revisions: RevisionText[] = [
        {
          revision: 'first',
          extra: OUTSIDE,
          upgrade: `await knex.raw('create table first (id int)')\nawait knex.raw('create table second (id int)')`,
        },
        {
          revision: 'second',
          down: 'first',
          extra: OUTSIDE,
          upgrade: `await knex('first').insert({ id: 1 })
            await knex.raw('create table first (id int)').catch(() => {})
            await knex('second').insert({ id: 2 })`,
        },
      ]
      await openRev(db, revisions).upgrade({ target: 'first' })
      await db.knex().raw(`create trigger interrupts before insert on rev_step for each row
        if new.state = 'running' then signal sqlstate '45000' set mysql_errno = 1317, message_text = 'no record'; end if`)

      const error = await errorOf(openRev(db, revisions).upgrade())

      expect(error.message).toContain('no record')
      expect(error.details).toMatchObject({ outcome: { failed: 'second', kept: [{ number: 1 }] } })
      expect(await db.knex()('second').pluck('id')).toEqual([])
      await db.knex().raw('drop trigger interrupts')
      await openRev(db, revisions).upgrade()
      expect(await rowsOf(db)).toEqual(['second'])
      expect(await db.knex()('first').pluck('id')).toEqual([1])
      expect(await db.knex()('second').pluck('id')).toEqual([2])
    })
  },
  { only: ['mysql'] },
)
