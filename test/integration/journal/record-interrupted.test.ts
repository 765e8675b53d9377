import { beforeEach, describe, expect, test } from 'vitest'
import { errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
const first: RevisionText = {
  revision: 'first',
  extra: OUTSIDE,
  upgrade: `await knex.raw('create table first (id int)')`,
}
/** A definition that the database commits by itself, between two rows. */
const second = (definition: string, extra: string): RevisionText => ({
  revision: 'second',
  down: 'first',
  extra,
  upgrade: `await knex('first').insert({ id: 1 })\n${definition}\nawait knex('first').insert({ id: 2 })`,
})

/** From here on a statement cannot be written down as done, because that is ended with such an error. */
async function refuseRecords(db: TestDatabase, trigger: string): Promise<void> {
  // The journal is there once something was in it.
  await openRev(db, [first]).upgrade()
  await db.knex().raw(trigger)
}

async function stopsAndGoesOn(db: TestDatabase, revisions: readonly RevisionText[]): Promise<void> {
  const error = await errorOf(openRev(db, revisions).upgrade())

  expect(error.message).toContain('no record')
  expect(error.details).toMatchObject({ outcome: { rolledBack: false, failed: 'second', unknown: [{ number: 2 }] } })
  expect(await db.knex()('rev_step').orderBy('number').pluck('state')).toEqual(['done', 'running'])
  await db.knex().raw(`drop trigger interrupts${db.dialect === 'mysql' ? '' : ' on rev_step'}`)
  await openRev(db, revisions).upgrade()
  expect(await rowsOf(db)).toEqual(['second'])
  expect(await db.knex()('first').orderBy('id').pluck('id')).toEqual([1, 2])
  expect(await db.knex()('rev_step').pluck('state')).toEqual([])
}

describeEachDialect(
  'a definition that took place, and whose record could not be written,',
  (db) => {
    beforeEach(() => db.empty())

    const definition = `await knex.schema.createTable('second', (table) => { table.integer('id') })`

    describe.each([
      ['in a transaction', ''],
      ['in a transaction that may be tried again', 'export const config = { retries: 2 }'],
      ['outside of one', OUTSIDE],
    ])('%s', (_, extra) => {
      test.each([
        ['interrupted', 1317],
        ['out of time', 1969],
        ['tired of waiting', 1205],
        ['chosen to end a deadlock', 1213],
      ])('is neither taken for failed nor sent again: %s', async (_words, errno) => {
        await refuseRecords(
          db,
          `create trigger interrupts before update on rev_step for each row if new.state = 'done' then
             signal sqlstate '45000' set mysql_errno = ${errno}, message_text = 'no record'; end if`,
        )
        await stopsAndGoesOn(db, [first, second(definition, extra)])
        expect(await tablesOf(db)).toEqual(['first', 'second'])
      })
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'an index that was built concurrently, and whose record could not be written,',
  (db) => {
    beforeEach(() => db.empty())

    test.each([
      ['cancelled', '57014'],
      ['tired of waiting', '55P03'],
      ['chosen to end a deadlock', '40P01'],
    ])('is neither taken for failed nor built again: %s', async (_words, code) => {
      await refuseRecords(
        db,
        `create function no_record() returns trigger language plpgsql as $$ begin
           if new.state = 'done' then raise exception 'no record' using errcode = '${code}'; end if; return new; end $$;
         create trigger interrupts before update on rev_step for each row execute function no_record()`,
      )
      const definition = `await knex.raw('create index concurrently of_first on first (id)')`
      await stopsAndGoesOn(db, [first, second(definition, OUTSIDE)])
      expect(await db.knex()('pg_indexes').where({ tablename: 'first' }).pluck('indexname')).toEqual(['of_first'])
    })
  },
  { only: ['postgresql'] },
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
