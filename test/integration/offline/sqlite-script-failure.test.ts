import { describe, expect, test } from 'vitest'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { scriptOf } from './postgresql-psql.ts'
import { CLIENTS, sqlite } from './sqlite-client.ts'

const ALONE = { extra: 'export const transaction = false' }
const table = (name: string): string => `await knex.schema.createTable('${name}', (table) => table.increments('id'))`
const BREAKS = `await knex.raw('DROP TABLE missing')`
const later = [creates('c3', 'b2'), creates('d4', 'c3', ALONE), creates('e5', 'd4')]

describeEachDialect(
  'a script for sqlite3 that fails half way',
  (db) => {
    describe.each(CLIENTS)('in a client that %s', (client) => {
      /** Runs the script up to a step b2 that fails. */
      const breaks = async (upgrade: string, more: object = {}): Promise<string> => {
        await db.empty()
        const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade, ...more }), ...later])
        const result = await sqlite(db, await scriptOf(rev), client)
        expect(result.code).toBe(1)
        expect(await rowsOf(db)).toEqual(['a1'])
        const done = await db.knex()('rev_event').where({ outcome: 'done' }).pluck('revision')
        expect(done).toEqual(['a1'])
        expect(result.stdout).not.toMatch(/is now at (?!a1\n)/)
        return result.stderr
      }

      test('in a transaction takes the whole step back', async () => {
        await breaks(`${table('one')}\n${BREAKS}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('in a savepoint takes the whole step back', async () => {
        await breaks(`await knex.transaction(async (trx) => { await trx.raw('DROP TABLE missing') })\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('without a transaction does not go on to the next step', async () => {
        await breaks(`${table('one')}\n${BREAKS}\n${table('two')}`, ALONE)
        expect(await tablesOf(db)).toEqual(client === 'stops at errors' ? ['a1', 'one'] : ['a1', 'one', 'two'])
      })

      test('because rows would lose their parents takes the whole step back', async () => {
        const stderr = await breaks(`
          await knex.raw('CREATE TABLE one (id INTEGER PRIMARY KEY, parent REFERENCES a1)')
          await knex('one').insert({ id: 1, parent: 7 })`)
        expect(stderr).toContain('rev: a step would leave rows whose parents do not exist')
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because the version rows were moved under it changes nothing of the step', async () => {
        const stderr = await breaks(`${table('two')}\nawait knex.raw("UPDATE rev_version SET version_num = 'zz'")`)
        expect(stderr).toContain('rev: version table rev_version has changed under this script')
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because a conflict rolled the transaction back claims nothing', async () => {
        await breaks(`${table('one')}
          await knex.raw('INSERT INTO one VALUES (1)')
          await knex.raw('INSERT OR ROLLBACK INTO one VALUES (1)')`)
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because the schema answers otherwise in the middle', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1', {
            upgrade: `${table('one')}
              if (await knex.schema.hasTable('other')) await knex('one').insert({ id: 1 })
              await knex.raw('CREATE TABLE IF NOT EXISTS other (id)')`,
          }),
          ...later,
        ])
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:e5' })
        // What the guard would have found, found only in its place.
        await db.knex().raw('CREATE TABLE other (id)')
        const late = script.replaceAll(/VALUES \('answer_2', .*;/g, "VALUES ('answer_2', 1);")
        const result = await sqlite(db, late, client)
        expect(result.stderr).toContain('b2 was written for a database that answers hasTable "other" otherwise')
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1', 'other'])
      })
    })

    test('at a change of rows stops the client that the script is for', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1', {
          upgrade: `await knex('a1').insert([{ id: 1 }])\nawait knex('missing').insert({ id: 1 })`,
        }),
      ])
      expect((await sqlite(db, await scriptOf(rev))).code).toBe(1)
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await db.knex()('a1')).toEqual([])
    })

    test('stops the client, too, when an editor has put a byte order mark in front of the script', async () => {
      await db.empty()
      const again = `await knex('a1').insert({ id: 1 })\nawait knex('a1').insert({ id: 1 })`
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: again }), ...later])
      const result = await sqlite(db, `\ufeff${await scriptOf(rev)}`)
      expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('UNIQUE constraint failed') })
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await db.knex()('a1').pluck('id')).toEqual([])
    })

    test('is noticed by the next online run, which goes on', async () => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: BREAKS })])
      expect((await sqlite(db, await scriptOf(rev))).code).toBe(1)
      await db.knex().schema.createTable('missing', (made) => made.increments('id'))
      expect((await rev.upgrade()).rows).toEqual(['b2'])
      const ends = await db
        .knex()('rev_event')
        .whereNull('revision')
        .whereNot({ outcome: 'started' })
        .orderBy('started_at')
      expect(ends.map(({ outcome, rows_before, rows_after }) => [outcome, rows_before, rows_after])).toEqual([
        ['interrupted', '', 'a1'],
        ['done', 'a1', 'b2'],
      ])
    })

    test('ends at a read of rows, and gives the lock back', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1', { upgrade: `${table('one')}\nawait knex('a1').select()` }),
      ])
      const script = await scriptOf(rev, { onDataRead: 'comment' })
      const result = await sqlite(db, script)
      expect(result.stderr).toContain('rev: revision b2 reads rows here; run it with rev upgrade')
      expect(result.code).toBe(1)
      expect(await tablesOf(db)).toEqual(['a1'])
      expect((await rev.upgrade({ lockTimeout: 0 })).rows).toEqual(['b2'])
    })
  },
  { only: ['sqlite'] },
)
