import { describe, expect, test } from 'vitest'
import { creates, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, mysql, startMysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

const revisions = [
  creates('a1', null),
  creates('b2', 'a1', { upgrade: `await knex('a1').insert({ id: 7 })`, downgrade: `await knex('a1').del()` }),
  creates('c3', 'b2', {
    extra: 'export const transaction = false',
    upgrade: `await knex.raw('create procedure p() begin do 1; do 2; end')
      await knex('a1').insert({ id: 8 })
      await knex.raw('create table my (n int) engine = myisam')
      await knex('my').insert({ n: 1 })
      await knex.schema.createTable('c3', (table) => table.increments('id'))`,
  }),
]

describeEachDialect(
  'the guard of a script for mariadb',
  (db) => {
    const everything = (): Promise<string> => db.dump({ ignore: /^$/ })

    describe.each(CLIENTS)('with a client that %s', (client) => {
      const code = client === 'stops at errors' ? 1 : 0

      const refuses = async (script: string, sentence: string, error?: string): Promise<void> => {
        const before = await everything()
        const result = await mysql(db, script, client)
        expect(result.stdout).toContain(`rev: ${sentence}`)
        expect(result.stderr).toContain(`rev: ${error ?? sentence.slice(0, 50)}`)
        expect(result.code).toBe(code)
        expect(await everything()).toBe(before)
        if (client !== 'stops at errors') expect(result.stdout).toContain('the script did NOT get through')
      }

      test('lets a script pass that starts where the database is', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        for (const target of ['a1', 'a1:head']) {
          const result = await mysql(db, await scriptOf(rev, { target }), client)
          expect(result).toMatchObject({ code: 0, stderr: '' })
        }
        expect(await rowsOf(db)).toEqual(['c3'])
      })

      test('refuses a database in which an online run stopped half way', async () => {
        await db.empty()
        await openRev(db, [creates('a1', null)]).upgrade()
        const half = `await knex('a1').insert({ id: 1 })\nawait knex.schema.createTable('half', (t) => t.increments())\nthrow new Error('no')`
        const stopped = openRev(db, [creates('a1', null), { revision: 'b2', down: 'a1', upgrade: half }])
        await stopped.upgrade().catch(() => undefined)

        await refuses(
          await scriptOf(openRev(db, revisions), { target: 'a1:head' }),
          'revision b2 was begun and is not finished; rev status says how to go on with it',
        )
      })

      test('refuses another place, and the second run of the same script', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        const at = `but database "${db.name}" is at`
        await refuses(await scriptOf(rev, { target: 'b2:c3' }), `this script starts at b2, ${at} a1`, 'need b2, is a1')
        await refuses(await scriptOf(rev), `this script starts at base, ${at} a1`, 'need base, is a1')
        const script = await scriptOf(rev, { target: 'a1:c3' })
        expect((await mysql(db, script)).code).toBe(0)
        await refuses(script, `this script starts at a1, ${at} c3`, 'need a1, is c3')
      })

      test('refuses a database without a version table when the script starts later', async () => {
        await db.empty()
        const script = await scriptOf(openRev(db, revisions), { target: 'a1:c3' })
        await refuses(script, `this script starts at a1, but database "${db.name}" has no table rev_version`)
      })

      test('refuses a first upgrade where there are tables, unless it is allowed', async () => {
        await db.empty()
        await db.knex().schema.createTable('users', (table) => table.increments('id'))
        const rev = openRev(db, revisions)
        const words = `but database "${db.name}" has no table rev_version, but others: users`
        await refuses(await scriptOf(rev), `this script starts at base, ${words}`)
        expect((await mysql(db, await scriptOf(rev, { allowNonEmpty: true }), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['c3'])
      })

      test('does not count its own tables', async () => {
        await db.empty()
        const rev = openRev(db, revisions.slice(0, 2))
        await rev.upgrade()
        await rev.downgrade({ target: 'base' })
        await db.knex().schema.dropTable('rev_version')
        expect((await mysql(db, await scriptOf(rev), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['b2'])
      })

      test('refuses rows that are not what they should be', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:b2' })
        const knex = db.knex()
        await knex.raw('alter table rev_version drop primary key, modify version_num varchar(40) null')
        for (const [rows, words] of [
          [['A1'], 'A1'],
          [['a1', 'a1'], 'a1, a1'],
          [['a1 '], 'a1 '],
          [['a1', null], '(NULL), a1'],
          [["`x`'; drop table a1; -- \\"], "'x''"],
        ] as const) {
          await knex('rev_version').del()
          await knex('rev_version').insert(rows.map((version_num) => ({ version_num })))
          await refuses(script, 'this script starts at a1', `need a1, is ${words}`.slice(0, 20).trim())
        }
      })

      test('refuses a session that is read-only', async () => {
        await db.empty()
        const script = await scriptOf(openRev(db, revisions))
        await refuses(
          `SET SESSION TRANSACTION READ ONLY;\n${script}`,
          'this session is read-only, as a script leaves it that has failed; run this one in a new session',
        )
      })

      test('refuses a session in which the client has settings of its own, by which statements would do something else', async () => {
        await db.empty()
        const script = await scriptOf(openRev(db, revisions))
        const sets: readonly (readonly [string, string])[] = [
          ["time_zone = '+09:00'", 'time_zone'],
          ['unique_checks = 0, foreign_key_checks = 0', 'foreign_key_checks, unique_checks'],
          ['sql_safe_updates = 1', 'sql_safe_updates'],
          ['check_constraint_checks = 0, sql_if_exists = 1', 'check_constraint_checks, sql_if_exists'],
          ['session transaction isolation level read uncommitted', 'tx_isolation'],
          ['default_storage_engine = myisam', 'default_storage_engine'],
          ['timestamp = 1000000000, lc_time_names = "de_DE"', 'lc_time_names, timestamp'],
        ]
        for (const [setting, names] of sets) {
          const words = `the client has set ${names} for this session, which a run would not; run it in a session of its own`
          await refuses(`SET ${setting};\n${script}`, words)
        }
      })

      test('has the SQL mode of a run, and no transaction from before, whatever the client has set', async () => {
        const rev = openRev(db, [
          creates('a1', null, {
            upgrade: `await knex.raw('create table seen as select @@sql_mode as mode, @@group_concat_max_len as longest')
              await knex.raw('create table a1 (name varchar(3))')`,
          }),
        ])
        await db.empty()
        await rev.upgrade()
        const online = await db.knex()('seen').first()
        await db.empty()
        const script = await scriptOf(rev)
        const before = `SET sql_mode = 'ANSI_QUOTES', completion_type = CHAIN, sql_select_limit = 1, group_concat_max_len = 9;\nSTART TRANSACTION;\n`
        expect(await mysql(db, `${before}${script}`, client)).toMatchObject({ code: 0, stderr: '' })
        expect(await db.knex()('seen').first()).toEqual(online)
        await refuses(`${before}${script}`, 'this script starts at base', 'need base, is a1')
      })

      test('does not believe in a transaction that is open already, nor in a server without autocommit', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        const before = 'SET autocommit = 0;\nSTART TRANSACTION;\n'
        await refuses(`${before}${await scriptOf(rev)}`, 'this script starts at base', 'need base, is a1')
        const script = `${before}${await scriptOf(rev, { target: 'a1:head' })}`
        expect(await mysql(db, script, client)).toMatchObject({ code: 0, stderr: '' })
        expect(await rowsOf(db)).toEqual(['c3'])
      })
    })

    test.each(['', '--force'])('refuses to run without a database (mariadb %s)', async (option) => {
      await db.empty()
      const before = await everything()
      const script = await scriptOf(openRev(db, revisions))
      // The last word on the command line of a client is its database: here one of nobody.
      const result = await startMysql({ ...db, name: '--database=' }, script, option === '' ? [] : [option]).done
      expect(result.stdout).toContain('rev: no database is chosen; name it when the client is started')
      expect(result.stderr).toContain('No database selected')
      expect(await everything()).toBe(before)
    })

    test('refuses a role that cannot be taken, and a collation that the server does not have', async () => {
      await db.empty()
      const config = db.knexConfig()
      const rev = openRev(db, revisions, { config: { ...config, rev: { role: 'nobody `x`' } } })
      const forced = await mysql(db, await scriptOf(rev), 'ignores errors')
      expect(forced.stdout).toContain('rev: the role "nobody `x`" cannot be taken')
      const connection = { ...(config.connection as object), charset: 'utf8mb4_nowhere_ci' }
      const other = openRev(db, revisions, { config: { ...config, connection } })
      const result = await mysql(db, await scriptOf(other), 'ignores errors')
      expect(result.stdout).toContain('rev: the server does not know the collation utf8mb4_nowhere_ci')
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['mysql'] },
)
