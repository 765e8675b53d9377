import { expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf } from './postgresql-psql.ts'

const ALONE = { extra: 'export const transaction = false' }
const TABLE = creates('a1', null, {
  upgrade: `await knex.raw('create domain raw as bytea')
    await knex.raw('create table k (id serial, b bytea, d raw, s varchar, j jsonb, n int)')`,
})
const TEXT = `Buffer.from("x'y")`
const ANY = 'Buffer.from([0, 92, 39, 120, 255, 63])'

describeEachDialect(
  'bytes in a script for PostgreSQL',
  (db) => {
    test.each([{}, ALONE])('are those of the run where bytea is wanted, %j', async (more) => {
      const rev = openRev(db, [
        TABLE,
        creates('b2', 'a1', {
          ...more,
          upgrade: `await knex('k').insert([{ b: ${ANY}, s: '\\\\ ?' }, { b: ${TEXT}, d: ${ANY} }, { b: Buffer.alloc(0), n: 7 }])
            await knex('k').where({ b: ${TEXT} }).update({ d: new Uint8Array([9]) })
            await knex.raw("with made as (select coalesce(?, b) as c from k) insert into k (b) select c || ? from made -- all", [${ANY}, ${TEXT}])
            await knex('k').insert({ s: knex.raw('? :: bytea', [${TEXT}]), n: knex.raw('octet_length(?::bytea)', [${ANY}]) })
            await knex.raw('create table copied as select ?::bytea as c', [${ANY}])`,
        }),
      ])
      const rows = async () => [await db.knex()('k').orderBy('id'), await db.knex()('copied')]
      await db.empty()
      await rev.upgrade()
      const online = await rows()
      for (const options of [{}, { sqlClient: 'generic' }, { guard: false }] as const) {
        await db.empty()
        expect(await psql(db, await scriptOf(rev, options))).toMatchObject({ code: 0, stderr: '' })
        expect(await rows()).toEqual(online)
        expect(await rowsOf(db)).toEqual(['b2'])
      }
    })

    describeRefusal('a column of text', `await knex('k').insert({ s: ${TEXT} })`, 'character varying')
    describeRefusal('JSON', `await knex('k').insert({ b: ${ANY}, j: Buffer.from('{}') })`, 'jsonb')
    describeRefusal('a number', `await knex('k').update({ n: Buffer.from('1234') })`, 'integer')
    describeRefusal(
      'what has no type',
      `await knex.raw("insert into k (s) select coalesce(?, 'a')", [${TEXT}])`,
      'text',
    )

    function describeRefusal(what: string, upgrade: string, type: string): void {
      test.each(CLIENTS)(`stop it where ${what} is wanted, in a client that %s`, async (client) => {
        for (const more of [{}, ALONE]) {
          await db.empty()
          const rev = openRev(db, [TABLE, creates('b2', 'a1', { ...more, upgrade })])
          const result = await psql(db, await scriptOf(rev), client)
          expect(result.stderr).toContain(`rev: revision b2 binds bytes where database "${db.name}" wants ${type}`)
          expect(result.code).toBe(client === 'stops at errors' ? 3 : 0)
          expect(await rowsOf(db)).toEqual(['a1'])
          expect(await db.knex()('k')).toEqual([])
        }
      })
    }

    test('are refused in a statement of which the database cannot be asked', async () => {
      const rev = openRev(db, [
        creates('a1', null, { upgrade: `await knex.raw('create table c as select ? as b', [${ANY}])` }),
      ])
      const refused = await errorOf(scriptOf(rev))
      expect(refused).toMatchObject({
        code: 'REV_OFFLINE_LITERAL',
        details: { revision: 'a1', line: expect.any(Number) },
      })
      expect(refused.message).toContain('cast them: knex.raw("?::bytea", [buffer])')
    })
  },
  { only: ['postgresql'] },
)
