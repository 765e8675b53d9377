import { describe, expect, test } from 'vitest'
import { creates, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf, startPsql } from './postgresql-psql.ts'

const revisions = [
  creates('a1', null),
  creates('b2', 'a1', { upgrade: `await knex('a1').insert({ id: 7 })`, downgrade: `await knex('a1').del()` }),
  creates('c3', 'b2', {
    extra: 'export const transaction = false',
    // What resets a session must not lift the guard for the statements after it.
    upgrade: `await knex.raw('ANALYZE a1')
      await knex.raw('RESET lock_timeout')
      await knex.raw('CREATE INDEX CONCURRENTLY a1_id ON a1 (id)')
      await knex.schema.createTable('c3', (table) => table.increments('id'))`,
  }),
]

describeEachDialect(
  'the guard of a script',
  (db) => {
    const everything = (): Promise<string> => db.dump({ ignore: /^$/ })

    describe.each(CLIENTS)('with a psql that %s', (client) => {
      const code = client === 'stops at errors' ? 3 : 0

      const refuses = async (script: string, message: string): Promise<void> => {
        const before = await everything()
        const result = await psql(db, script, client)
        expect(result.stderr).toContain(`ERROR:  rev: ${message}`)
        expect(result.stdout).not.toMatch(/^rev: database .* is now at/m)
        expect(result.code).toBe(code)
        expect(await everything()).toBe(before)
      }

      test('lets a script pass that starts where the database is', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        expect(await psql(db, await scriptOf(rev, { target: 'a1' }), client)).toMatchObject({ code: 0, stderr: '' })
        expect(await psql(db, await scriptOf(rev, { target: 'a1:head' }), client)).toMatchObject({
          code: 0,
          stderr: '',
        })
        expect(await rowsOf(db)).toEqual(['c3'])
      })

      test('refuses a database in which an online run stopped half way', async () => {
        await db.empty()
        await openRev(db, [creates('a1', null)]).upgrade()
        const half = {
          revision: 'b2',
          down: 'a1',
          extra: 'export const transaction = false',
          upgrade: `await knex('a1').insert({ id: 1 })\nthrow new Error('no')`,
        }
        await openRev(db, [creates('a1', null), half])
          .upgrade()
          .catch(() => undefined)

        await refuses(
          await scriptOf(openRev(db, revisions), { target: 'a1:head' }),
          `revision "b2" was begun and is not finished in database "${db.name}"`,
        )
      })

      test('refuses another place, and the second run of the same script', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        await refuses(
          await scriptOf(rev, { target: 'b2:c3' }),
          `this script starts at b2, but database "${db.name}" is at a1`,
        )
        await refuses(await scriptOf(rev), `this script starts at base, but database "${db.name}" is at a1`)
        const script = await scriptOf(rev, { target: 'a1:c3' })
        expect((await psql(db, script)).code).toBe(0)
        await refuses(script, `this script starts at a1, but database "${db.name}" is at c3`)
      })

      test('refuses a database without a version table when the script starts later', async () => {
        await db.empty()
        const script = await scriptOf(openRev(db, revisions), { target: 'a1:c3' })
        await refuses(script, `this script starts at a1, but database "${db.name}" is at base`)
      })

      test('refuses a first upgrade where there are tables, unless it is allowed', async () => {
        await db.empty()
        await db.knex().schema.createTable('users', (table) => table.increments('id'))
        const rev = openRev(db, revisions)
        await refuses(
          await scriptOf(rev),
          `database "${db.name}" holds 1 table(s), such as "users", but no version table`,
        )
        expect((await psql(db, await scriptOf(rev, { allowNonEmpty: true }), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['c3'])
      })

      test('does not count the tables of rev', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        await rev.downgrade({ target: 'base' })
        await db.knex().schema.dropTable('rev_version')
        expect((await psql(db, await scriptOf(rev), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['c3'])
      })

      test('refuses a transaction that is open already', async () => {
        await db.empty()
        const before = await everything()
        const script = await scriptOf(openRev(db, revisions))
        const text = client === 'stops at errors' ? script : script.replaceAll('\\set ON_ERROR_STOP on\n', '')
        const result = await startPsql(db, text, ['-1']).done
        expect(result.stderr).toContain('rev: this script has transactions of its own')
        expect(await everything()).toBe(before)
      })

      test('refuses a user whose sessions are read-only', async () => {
        await db.empty()
        await db.knex().raw('alter database ?? set default_transaction_read_only = on', [db.name])
        try {
          const before = await everything()
          const result = await psql(db, await scriptOf(openRev(db, revisions)), client)
          expect(result.stderr).toContain(`rev: database "${db.name}" takes no writes`)
          expect(await everything()).toBe(before)
        } finally {
          await db.knex().raw('set default_transaction_read_only = off')
          await db.knex().raw('alter database ?? reset default_transaction_read_only', [db.name])
        }
      })

      test('refuses a user whose backslashes are escapes, unless the connection asks for others', async () => {
        await db.empty()
        await db.knex().raw('alter database ?? set standard_conforming_strings = off', [db.name])
        try {
          const before = await everything()
          for (const sqlClient of ['psql', 'generic'] as const) {
            const script = await scriptOf(openRev(db, revisions), { sqlClient })
            const result = await psql(db, script, client)
            expect(result.stderr).toContain(`rev: standard_conforming_strings is off in database "${db.name}"`)
            expect(await everything()).toBe(before)
          }
          const connection = { ...(db.knexConfig().connection as object), options: '-c standard_conforming_strings=on' }
          const asking = openRev(db, revisions, { config: { client: 'pg', connection } })
          expect(await psql(db, await scriptOf(asking), client)).toMatchObject({ code: 0, stderr: '' })
        } finally {
          await db.knex().raw('alter database ?? reset standard_conforming_strings', [db.name])
        }
      })

      test('refuses ids for which the version table has no room', async () => {
        await db.empty()
        const long = 'x'.repeat(200)
        const rev = openRev(db, [
          creates('a1', null),
          creates(long, 'a1', { message: 'x', upgrade: '', extra: 'export const transaction = false' }),
        ])
        await rev.upgrade({ target: 'a1' })
        await db.knex().raw('alter table rev_version alter column version_num type varchar(199)')
        await refuses(
          await scriptOf(rev, { target: 'a1:head' }),
          'version table rev_version has no room for an id of 200',
        )
        await db.knex().raw('alter table rev_version alter column version_num type varchar(200)')
        expect((await psql(db, await scriptOf(rev, { target: 'a1:head' }), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual([long])
      })
    })

    test('is on its guard again when a script is run twice in one session', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, revisions))
      const twice = await psql(db, `${script}\n${script}`, 'ignores errors')
      expect(twice.stderr).toContain('this script starts at base, but')
      expect(twice.stdout.match(/^rev: database .* is now at c3$/gm)).toHaveLength(1)
      expect(twice.stdout).toMatch(/^rev: something above failed, and database .* is now at c3$/m)
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
      const { rows } = await db.knex().raw(`select 1 from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`)
      expect(rows).toEqual([])
    })
  },
  { only: ['postgresql'] },
)
