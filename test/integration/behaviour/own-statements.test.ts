import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'

describeEachDialect(
  'a statement of rev itself that the server ends',
  (db) => {
    beforeEach(() => db.empty())

    // A function of the same name stands before the server's own, and is ended as by a limit while it is told to.
    const endsTheOpeningOfJournals = async (): Promise<{ readonly config: object; stop(): Promise<void> }> => {
      await db.knex().raw(`create schema before_all`)
      await db.knex().raw(`create table before_all.told (id int)`)
      await db.knex().raw(`create function before_all.pg_backend_pid() returns int language plpgsql as $$ begin
        if current_query() like 'select pg_backend_pid() as id%' and exists (select from before_all.told) then
          raise exception 'out of time' using errcode = '57014';
        end if;
        return pg_catalog.pg_backend_pid();
      end $$`)
      await db.knex().raw(`insert into before_all.told values (1)`)
      return {
        config: { ...db.knexConfig(), searchPath: ['public', 'before_all', 'pg_catalog'] },
        stop: async () => {
          await db.knex().raw('delete from before_all.told')
        },
      }
    }
    const halfWay = (second: string): RevisionText[] => [
      {
        revision: 'aaa',
        extra: OUTSIDE,
        upgrade: `await knex.schema.createTable('one', (table) => { table.integer('id') })\n${second}`,
      },
    ]

    test('before a step has begun leaves nothing of it', async () => {
      const { config, stop } = await endsTheOpeningOfJournals()

      const error = await errorOf(openRev(db, halfWay(''), { config }).upgrade())

      expect(error.message).toContain('out of time')
      expect(error.details).toMatchObject({ outcome: { failed: 'aaa', rolledBack: true, committedStatements: 0 } })
      expect(await tablesOf(db)).toEqual([])
      await stop()
      await openRev(db, halfWay(''), { config }).upgrade()
      expect(await rowsOf(db)).toEqual(['aaa'])
    })

    test('before a step goes on leaves what an earlier run has done of it', async () => {
      await errorOf(openRev(db, halfWay(`await knex('nowhere').insert({ id: 1 })`)).upgrade())
      const { config, stop } = await endsTheOpeningOfJournals()

      const error = await errorOf(openRev(db, halfWay(''), { config }).upgrade())

      expect(error.message).toContain('out of time')
      expect(error.message).toContain('1 statement of it is in the database')
      expect(error.details).toMatchObject({
        outcome: {
          failed: 'aaa',
          rolledBack: false,
          kept: [{ number: 1, statement: expect.stringMatching(/^create table/) }],
        },
      })
      await stop()
      await openRev(db, halfWay(''), { config }).upgrade()
      expect(await rowsOf(db)).toEqual(['aaa'])
      expect(await tablesOf(db)).toEqual(['one'])
    })

    test('behind the last step tells that all are done', async () => {
      const other = await db.knex().transaction()
      onTestFinished(() => other.rollback().then(() => undefined))
      let held: Promise<unknown> = Promise.resolve()
      // Whoever waits for the table of the versions while the last step has it gets it before the rows are read back.
      const standInTheWay = async (): Promise<void> => {
        held = Promise.resolve(other.raw('lock table rev_version in access exclusive mode'))
        const waits = db.knex()('pg_locks').whereRaw(`not granted and relation = 'rev_version'::regclass`)
        while ((await waits.clone()).length === 0);
      }
      Object.assign(globalThis, { standInTheWay })
      const last = `await knex('rev_version').select()\nawait globalThis.standInTheWay()`
      const revisions = [creates('aaa', null), creates('bbb', 'aaa', { upgrade: last, extension: 'mjs' })]
      const connection = Object.assign({}, db.knexConfig().connection, { lock_timeout: 500 })

      const error = await errorOf(openRev(db, revisions, { config: { ...db.knexConfig(), connection } }).upgrade())

      expect(error.code).toBe('REV_DATABASE_QUERY_FAILED')
      expect(error.message).toContain('done: aaa, bbb; not run: none.')
      expect(error.details).toMatchObject({ outcome: { done: ['aaa', 'bbb'], notRun: [] } })
      await held
      await other.rollback()
      expect(await rowsOf(db)).toEqual(['bbb'])
    })
  },
  { only: ['postgresql'] },
)
