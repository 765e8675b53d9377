import { expect, test } from 'vitest'
import { openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf } from './postgresql-psql.ts'

const ALONE = { extra: 'export const transaction = false' }
const make = (table: string): string => `await knex.raw('CREATE TABLE ${table} (id int, found int)')`
const ifMissing = (table: string, what: string): string => `if (!(await knex.schema.hasTable('${table}'))) { ${what} }`

describeEachDialect(
  'what a script has been told of the schema',
  (db) => {
    const server = (): string => db.url().replace(/\/[^/]*$/, '/postgres')

    test.each(CLIENTS)('is proven by the guard, in a psql that %s', async (client) => {
      await db.empty()
      const rev = openRev(db, [
        { revision: 'a1', upgrade: make('a1') },
        { revision: 'b2', down: 'a1', upgrade: ifMissing('extra', make('b2')) },
      ])
      const script = await scriptOf(rev, { target: 'a1:b2', shadowUrl: server() })
      await rev.upgrade({ target: 'a1' })
      await db.knex().raw(`CREATE TABLE extra (id int)`)
      const before = await db.dump({ ignore: /^$/ })
      const result = await psql(db, script, client)
      expect(result.stderr).toMatch(
        /ERROR: {2}rev: revision b2 asks .*extra.*: the script is written for .*, but database "rev_test_/,
      )
      expect(await db.dump({ ignore: /^$/ })).toBe(before)

      await db.knex().raw(`DROP TABLE extra`)
      expect(await psql(db, script, client)).toMatchObject({ code: 0, stderr: '' })
      expect(await tablesOf(db)).toEqual(['a1', 'b2'])
    })

    test.each<[string, string, string]>([
      [
        'columns',
        `if ('name' in (await knex('a1').columnInfo())) return`,
        'revision b2 asks columnInfo "a1": database "%" answers other columns than the script was written for',
      ],
      [
        'rows',
        `await knex.raw("select column_name from information_schema.columns where table_name = 'a1'")`,
        `: database "%" answers other rows than the script was written for`,
      ],
    ])('is told in words where it is about %s', async (_what, ask, message) => {
      await db.empty()
      const rev = openRev(db, [
        { revision: 'a1', upgrade: make('a1') },
        { revision: 'b2', down: 'a1', upgrade: `${ask}\n${make('b2')}` },
      ])
      const script = await scriptOf(rev, { target: 'a1:b2', shadowUrl: server() })
      await rev.upgrade({ target: 'a1' })
      await db.knex().raw('ALTER TABLE a1 RENAME COLUMN found TO lost')
      const result = await psql(db, script)
      expect(result.stderr).toContain(message.replace('%', db.name))
      expect(result.stderr).not.toMatch(/[0-9a-f]{64}/)
      expect(await tablesOf(db)).toEqual(['a1'])
    })

    test.each(CLIENTS)('is proven again in its place, in a psql that %s', async (client) => {
      const ask = ifMissing('hidden', make('late'))
      for (const more of [{}, ALONE]) {
        await db.empty()
        const rev = openRev(db, [
          { revision: 'a1', upgrade: make('a1') },
          // What the script cannot know: a trigger of the database's own answers otherwise when it comes to it.
          { revision: 'b2', down: 'a1', ...more, upgrade: `${make('b2')}\n${ask}` },
        ])
        const script = await scriptOf(rev, { target: 'a1:b2', shadowUrl: server() })
        expect(await psql(db, await scriptOf(rev, { target: 'a1' }))).toMatchObject({ code: 0 })
        await db.knex().raw(`
          CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN IF to_regclass('b2') IS NOT NULL AND to_regclass('hidden') IS NULL THEN CREATE TABLE hidden (); END IF; END $$`)
        await db
          .knex()
          .raw(`CREATE EVENT TRIGGER meddle ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION meddle()`)
        const result = await psql(db, script, client)
        await db.knex().raw('DROP EVENT TRIGGER meddle')
        expect(result.stderr).toMatch(/ERROR: {2}rev: revision b2 asks .*hidden/)
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(more === ALONE ? ['a1', 'b2', 'hidden'] : ['a1'])
      }
    })

    test('takes no stop away that something else has put there', async () => {
      await db.empty()
      const rev = openRev(db, [
        { revision: 'a1', upgrade: make('a1') },
        {
          revision: 'b2',
          down: 'a1',
          ...ALONE,
          upgrade: `await knex.raw('VACUUM a1')\n${ifMissing('absent', make('late'))}`,
        },
      ])
      const script = await scriptOf(rev, { shadowUrl: server() })
      const result = await psql(db, script.replace('VACUUM a1', 'VACUUM missing'), 'ignores errors')
      expect(result.stderr).toContain('relation "missing" does not exist')
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await tablesOf(db)).toEqual(['a1'])
    })
  },
  { only: ['postgresql'] },
)
