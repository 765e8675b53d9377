import { describe, expect, test } from 'vitest'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf, startPsql } from './postgresql-psql.ts'

const ALONE = { extra: 'export const transaction = false' }
const table = (name: string): string => `await knex.schema.createTable('${name}', (table) => table.increments('id'))`
const BREAKS = `await knex.raw('SELECT 1 FROM missing')`
const later = [creates('c3', 'b2'), creates('d4', 'c3', ALONE), creates('e5', 'd4')]

describeEachDialect(
  'a script that fails half way',
  (db) => {
    describe.each(CLIENTS)('in a psql that %s', (client) => {
      /** Runs the script up to a step b2 that fails. */
      const breaks = async (upgrade: string, more: object = {}): Promise<string> => {
        await db.empty()
        const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade, ...more }), ...later])
        const result = await psql(db, await scriptOf(rev), client)
        expect(result.code).toBe(client === 'stops at errors' ? 3 : 0)
        expect(await rowsOf(db)).toEqual(['a1'])
        const done = await db.knex()('rev_event').where({ outcome: 'done' }).pluck('revision')
        expect(done).toEqual(['a1'])
        if (client === 'ignores errors') expect(result.stdout).toContain(`database "${db.name}" is now at a1\n`)
        return result.stderr
      }

      test('in a transaction takes the whole step back', async () => {
        await breaks(`${table('one')}\n${BREAKS}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('in a transaction at its COMMIT takes the whole step back', async () => {
        await breaks(`
          await knex.raw('CREATE TABLE one (id int PRIMARY KEY, of int REFERENCES one DEFERRABLE INITIALLY DEFERRED)')
          await knex.raw('INSERT INTO one VALUES (1, 2)')`)
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('without a transaction does nothing after the failure', async () => {
        await breaks(`${table('one')}\n${BREAKS}\n${table('two')}\nawait knex('one').insert({ id: 1 })`, ALONE)
        expect(await tablesOf(db)).toEqual(['a1', 'one'])
        expect(await db.knex()('one')).toEqual([])
      })

      test('without a transaction, in one of its own, does nothing after the failure', async () => {
        await breaks(
          `await knex.transaction(async (trx) => {
            await trx.schema.createTable('one', (table) => table.increments('id'))
            await trx.raw('SELECT 1 FROM missing')
          })\n${table('two')}`,
          ALONE,
        )
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('at an index that is built concurrently does not take the invalid one for done', async () => {
        await db.empty()
        const index = `await knex.raw('CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS b2_n ON a1 (n)')`
        const rev = openRev(db, [
          creates('a1', null, {
            upgrade: `await knex.raw('CREATE TABLE a1 (n int)')\nawait knex('a1').insert([{ n: 1 }, { n: 1 }])`,
          }),
          creates('b2', 'a1', { ...ALONE, upgrade: `${index}\n${table('two')}` }),
        ])
        const result = await psql(db, await scriptOf(rev), client)
        expect(result.stderr).toContain('could not create unique index')
        expect(await rowsOf(db)).toEqual(['a1'])
        const again = await psql(db, await scriptOf(rev, { target: 'a1:b2' }), client)
        expect(again.stderr).toContain(`rev: index b2_n is missing or INVALID in database "${db.name}"`)
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because somebody holds a lock gives up without a change', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1', { upgrade: `${table('two')}\nawait knex('a1').del()` }),
        ])
        await rev.upgrade({ target: 'a1' })
        const script = (await scriptOf(rev, { target: 'a1:b2' })).replace(
          "lock_timeout = '5s'",
          "lock_timeout = '50ms'",
        )
        const other = await db.knex().transaction()
        await other.raw('lock table a1 in access exclusive mode')
        const result = await psql(db, script, client)
        await other.rollback()
        expect(result.stderr).toContain('canceling statement due to lock timeout')
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because the version rows were moved under it changes nothing of the step', async () => {
        const stderr = await breaks(`${table('two')}\nawait knex.raw("UPDATE rev_version SET version_num = 'zz'")`)
        expect(stderr).toContain(
          'rev: version table rev_version has changed under this script: cannot update "a1" to "b2"',
        )
      })
    })

    test.each(CLIENTS)('takes the step back where psql has savepoints of its own, and %s', async (client) => {
      await db.empty()
      const upgrade = `${table('one')}\n${BREAKS}\n${table('two')}`
      const script = await scriptOf(openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade }), ...later]))
      const text = client === 'stops at errors' ? script : script.replaceAll('\\set ON_ERROR_STOP on\n', '')
      // What many have in their .psqlrc.
      const result = await startPsql(db, text, ['-v', 'ON_ERROR_ROLLBACK=on']).done
      expect(result.stderr).toContain('"missing" does not exist')
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await tablesOf(db)).toEqual(['a1'])
    })

    test('is noticed by the next online run, which goes on', async () => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: BREAKS })])
      expect((await psql(db, await scriptOf(rev))).code).toBe(3)
      await db.knex().schema.createTable('missing', (table) => table.increments('id'))
      expect((await rev.upgrade()).rows).toEqual(['b2'])
      const ends = await db
        .knex()('rev_event')
        .whereNull('revision')
        .whereNot({ outcome: 'started' })
        .orderBy('outcome')
      expect(ends.map(({ outcome, rows_before, rows_after }) => [outcome, rows_before, rows_after])).toEqual([
        ['done', 'a1', 'b2'],
        ['interrupted', '', 'a1'],
      ])
    })

    test('is refused before the work when the user may not write the version rows', async () => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { ...ALONE, upgrade: table('two') })], {
        config: { ...db.knexConfig(), rev: { role: 'rev_test_reader', project: 'shop' } },
      })
      const admin = openRev(db, [creates('a1', null)], { config: { ...db.knexConfig(), rev: { project: 'shop' } } })
      await admin.upgrade()
      const knex = db.knex()
      await knex.raw('drop role if exists rev_test_reader')
      await knex.raw('create role rev_test_reader')
      try {
        const script = await scriptOf(rev, { target: 'a1:b2' })
        expect((await psql(db, script)).stderr).toContain('has no schema in the search_path that this user may use')
        await knex.raw('grant select on rev_version to rev_test_reader')
        await knex.raw('grant select, insert on rev_event to rev_test_reader')
        // As for a run: what is recorded of the project is only read.
        await knex.raw('grant select on rev_meta to rev_test_reader')
        await knex.raw('grant usage, create on schema public to rev_test_reader')
        const result = await psql(db, script)
        expect(result.stderr).toContain('permission denied for table rev_version')
        expect(await tablesOf(db)).toEqual(['a1'])
        await knex.raw('grant insert, update, delete on rev_version to rev_test_reader')
        expect(await psql(db, script)).toMatchObject({ code: 0, stderr: '' })
      } finally {
        await knex.raw('drop owned by rev_test_reader')
        await knex.raw('drop role rev_test_reader')
      }
    })
  },
  { only: ['postgresql'] },
)
