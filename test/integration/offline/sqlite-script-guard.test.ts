import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Rev, RevOptions } from '../../../src/index.ts'
import { creates, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { scriptOf } from './postgresql-psql.ts'
import { CLIENTS, SETTINGS, scriptFor, sqlite, startSqlite } from './sqlite-client.ts'

const ALONE = { extra: 'export const transaction = false' }
const revisions = [
  creates('a1', null),
  creates('b2', 'a1', { upgrade: `await knex('a1').insert({ id: 7 })`, downgrade: `await knex('a1').del()` }),
  creates('c3', 'b2', {
    ...ALONE,
    // A transaction that is rolled back must not take the guard with it.
    upgrade: `await knex.schema.createTable('c3', (table) => table.increments('id'))
      await knex.transaction(async (trx) => { await trx('c3').insert({ id: 1 }); throw new Error('no') }).catch(() => {})
      await knex('c3').insert({ id: 2 })
      await knex.raw('VACUUM')`,
  }),
  creates('d4', 'c3', { ...ALONE }),
]

describeEachDialect(
  'the guard of a script for sqlite3',
  (db) => {
    const everything = (): Promise<string> => db.dump({ ignore: /^$/ })
    const openWith = (rev: RevOptions): Rev => openRev(db, revisions, { config: { ...db.knexConfig(), rev } })

    describe.each(CLIENTS)('with a client that %s', (client) => {
      const refuses = async (script: string, error: string, said = ''): Promise<void> => {
        const before = await everything()
        const result = await sqlite(db, script, client)
        expect(result.stderr).toContain(`rev: ${error}`)
        expect(result.stdout).toContain(said)
        expect(result.stdout).not.toContain('is now at')
        expect(result.code).toBe(1)
        expect(await everything()).toBe(before)
      }

      test('lets a script pass that starts where the database is', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        for (const target of ['a1', 'a1:b2', 'b2:d4']) {
          expect(await sqlite(db, await scriptOf(rev, { target }), client)).toMatchObject({ code: 0, stderr: '' })
        }
        expect(await rowsOf(db)).toEqual(['d4'])
        expect(await db.knex()('c3').pluck('id')).toEqual([2])
      })

      test('stops where a temporary table takes the place of one of its own', async () => {
        for (const table of ['rev_version', 'Rev_Event']) {
          for (const more of [{}, ALONE]) {
            await db.empty()
            const hides = `await knex.raw('create temp table ${table} (version_num text)')`
            const steps = [creates('a1', null), creates('b2', 'a1', { ...more, upgrade: hides }), creates('c3', 'b2')]
            const result = await sqlite(db, await scriptOf(openRev(db, steps)), client)
            expect(result.stderr).toContain('rev: a temporary table hides rev_version or rev_event')
            expect(result.code).toBe(1)
            expect(await rowsOf(db)).toEqual(['a1'])
          }
        }
      })

      test('refuses a database in which an online run stopped half way', async () => {
        await db.empty()
        await openRev(db, [creates('a1', null)]).upgrade()
        const makes = `await knex.schema.createTable('half', (table) => table.increments('id'))`
        const b2 = { revision: 'b2', down: 'a1', ...ALONE, upgrade: makes }
        const stopped = { ...b2, upgrade: `${makes}\nthrow new Error('no')` }
        await openRev(db, [creates('a1', null), stopped])
          .upgrade()
          .catch(() => undefined)
        const rev = openRev(db, [creates('a1', null), b2])

        const scripts = [
          await scriptOf(openRev(db, revisions), { target: 'a1:d4' }),
          await scriptOf(rev, { target: 'a1:b2' }),
          await scriptOf(rev, { direction: 'downgrade', target: 'a1:base' }),
          await scriptOf(rev, { direction: 'stamp', target: 'a1:b2' }),
        ]
        for (const script of scripts) {
          const told = 'revision b2 was begun and is not finished; rev status says how to go on with it'
          await refuses(script, 'a revision was begun and is not finished; rev status', `rev: ${told}\n`)
        }
        await rev.upgrade()
        expect(await rowsOf(db)).toEqual(['b2'])
        const down = await scriptOf(rev, { direction: 'downgrade', target: 'b2:a1' })
        expect(await sqlite(db, down, client)).toMatchObject({ code: 0, stderr: '' })
      })

      test('asks no other database that the session has attached', async () => {
        await db.empty()
        const other = `${db.name}-other`
        const attach = `ATTACH '${other}' AS other;\n`
        const foreign = `${attach}CREATE TABLE other.rev_step (revision TEXT, state TEXT);
          INSERT INTO other.rev_step VALUES ('z9', 'running');
          CREATE TABLE other.rev_meta (name TEXT, value TEXT);
          INSERT INTO other.rev_meta VALUES ('project', 'theirs');
          DETACH other;\n`
        try {
          expect((await sqlite(db, foreign)).code).toBe(0)
          for (const [settings, target] of [
            [{}, 'b2'],
            [{ project: 'ours' }, 'b2:d4'],
          ] as const) {
            const script = await scriptOf(openWith(settings), { target })
            expect(await sqlite(db, `${attach}${script}`, client)).toMatchObject({ code: 0, stderr: '' })
          }
          expect(await rowsOf(db)).toEqual(['d4'])
        } finally {
          rmSync(other, { force: true })
        }
      })

      test("asks the schema of rev's own tables, and no table of that name elsewhere", async () => {
        await db.empty()
        const other = `${db.name}-other`
        const attach = `ATTACH '${other}' AS other;\n`
        const rev = openWith({ schema: 'other', project: 'ours' })
        const elsewhere = `CREATE TABLE rev_step (revision TEXT, state TEXT);\nINSERT INTO rev_step VALUES ('z9', 'running');
          CREATE TABLE rev_meta (name TEXT, value TEXT);\nINSERT INTO rev_meta VALUES ('project', 'theirs');\n`
        try {
          const passes = await sqlite(db, `${attach}${await scriptOf(rev, { target: 'b2' })}${elsewhere}`, client)
          expect(passes).toMatchObject({ code: 0, stderr: '' })
          const script = await scriptOf(rev, { target: 'b2:d4' })
          const half = `INSERT INTO other.rev_step (revision, direction, number, state, hash, statement, run_id, started_at)
            VALUES ('c3', 'upgrade', 1, 'done', '', '', '', '');\n`
          const refused = await sqlite(db, `${attach}${half}${script}`, client)
          expect(refused.stdout).toContain('rev: revision c3 was begun and is not finished')
          expect(refused.code).toBe(1)
          expect(await db.tables()).not.toContain('c3')
          const again = await sqlite(db, `${attach}DELETE FROM other.rev_step;\n${script}`, client)
          expect(again).toMatchObject({ code: 0, stderr: '' })
        } finally {
          rmSync(other, { force: true })
        }
      })

      test('stops where a temporary table of the session has the name of one of its own', async () => {
        await db.empty()
        const rev = openWith({ project: 'ours' })
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:d4' })
        for (const table of ['rev_version', 'Rev_Event', 'rev_step', 'rev_meta']) {
          const hides = `CREATE TEMP TABLE ${table} AS SELECT * FROM main.rev_version;\n`
          await refuses(
            `${hides}${script}`,
            'a temporary table hides one of rev_version, rev_event, rev_step, rev_meta',
          )
        }
      })

      test('takes nothing that stands in a journal for unfinished but what is', async () => {
        await db.empty()
        await openRev(db, [creates('a1', null)]).upgrade()
        const fails = { revision: 'b2', down: 'a1', ...ALONE, upgrade: `await knex('nowhere').insert({ id: 1 })` }
        await openRev(db, [creates('a1', null), fails])
          .upgrade()
          .catch(() => undefined)
        expect(await db.knex()('rev_step').pluck('state')).toEqual(['failed'])

        const script = await scriptOf(openRev(db, revisions), { target: 'a1:d4' })
        expect(await sqlite(db, script, client)).toMatchObject({ code: 0, stderr: '' })
        expect(await rowsOf(db)).toEqual(['d4'])
      })

      test("makes no journal, and none of the project's other tables, to ask for one", async () => {
        await db.empty()
        expect((await sqlite(db, await scriptOf(openRev(db, revisions)), client)).code).toBe(0)
        expect((await db.tables()).filter((table) => table.startsWith('rev_'))).toEqual(['rev_event', 'rev_version'])
      })

      test('refuses another place, and the second run of the same script', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        await refuses(
          await scriptOf(rev, { target: 'b2:d4' }),
          'this script starts at b2, but the database is not there',
          `rev: this script starts at b2, but database "${db.name}" is at a1\n`,
        )
        await refuses(await scriptOf(rev), 'this script starts at base', `"${db.name}" is at a1\n`)
        const script = await scriptOf(rev, { target: 'a1:d4' })
        expect((await sqlite(db, script)).code).toBe(0)
        await refuses(script, 'this script starts at a1', `"${db.name}" is at d4\n`)
      })

      test('refuses one row where there are two, and two where there is one', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1'),
          creates('c3', 'a1'),
          creates('d4', ['b2', 'c3']),
        ])
        await rev.upgrade({ target: 'b2' })
        await refuses(await scriptOf(rev, { target: 'b2,c3:d4' }), 'this script starts at b2, c3', 'is at b2\n')
        await rev.upgrade({ target: 'c3' })
        await refuses(await scriptOf(rev, { target: 'b2:c3' }), 'this script starts at b2', 'is at b2 c3\n')
      })

      test('refuses a database without a version table when the script starts later', async () => {
        await db.empty()
        const script = await scriptOf(openRev(db, revisions), { target: 'a1:d4' })
        await refuses(script, 'this script starts at a1, but the database has no version table rev_version')
      })

      test('refuses a first upgrade where there are tables, unless it is allowed', async () => {
        await db.empty()
        await db.knex().schema.createTable('users', (table) => table.increments('id'))
        const rev = openRev(db, revisions)
        await refuses(await scriptOf(rev), 'the database holds tables, but no version table rev_version')
        expect((await sqlite(db, await scriptOf(rev, { allowNonEmpty: true }), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['d4'])
      })

      test('does not count its own tables', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        await rev.downgrade({ target: 'base' })
        await db.knex().schema.dropTable('rev_version')
        expect((await sqlite(db, await scriptOf(rev), client)).code).toBe(0)
        expect(await rowsOf(db)).toEqual(['d4'])
      })

      test('refuses a version table with a NULL in it, or of another shape', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:d4' })
        await db.knex().raw('drop table rev_version')
        await db.knex().raw('create table rev_version (version_num text)')
        await db.knex().raw("insert into rev_version values ('a1'), (null)")
        await refuses(script, 'this script starts at a1')
        await db.knex().raw('drop table rev_version')
        await db.knex().raw('create table rev_version (other text)')
        const before = await everything()
        const result = await sqlite(db, script, client)
        expect(result.stderr).toContain('no such column: version_num')
        expect(await everything()).toBe(before)
      })

      test('refuses a schema that answers otherwise', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1', {
            upgrade: `if (!(await knex.schema.hasColumn('a1', 'extra'))) {
              await knex.schema.alterTable('a1', (table) => table.string('extra'))
            }`,
          }),
        ])
        await rev.upgrade({ target: 'a1' })
        await db.knex().raw('alter table a1 add column extra text')
        const script = await scriptOf(rev, { target: 'a1:b2' })
        await refuses(script, 'b2 was written for a database that answers hasColumn "extra"')
      })

      test('refuses a database that is being written to', async () => {
        await db.empty()
        const rev = openRev(db, revisions)
        await rev.upgrade({ target: 'a1' })
        const script = (await scriptOf(rev, { target: 'a1:b2' })).replace('.timeout 5000', '.timeout 50')
        const other = await db.knex().transaction()
        await other('a1').insert({ id: 1 })
        const result = await sqlite(db, script, client)
        await other.rollback()
        expect(result.stderr).toContain('database is locked')
        expect(result.code).toBe(1)
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await db.knex()('a1')).toEqual([])
      })
    })

    test('refuses a transaction that is open already', async () => {
      await db.empty()
      const before = await everything()
      const result = await sqlite(db, `BEGIN;\n${await scriptOf(openRev(db, revisions))}`)
      expect(result.stderr).toContain('may not be changed inside a transaction')
      expect(await everything()).toBe(before)
    })

    test('is on its guard again when a script is run twice in one session', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, revisions))
      const twice = await startSqlite(db, scriptFor(`${script}\n${script}`, 'ignores errors')).done
      expect(twice.stderr).toContain('rev: this script starts at base')
      expect(twice.stdout.match(/is now at d4/g)).toHaveLength(1)
      expect(twice.stdout).toContain('rev: something above failed, and nothing after it is kept\n')
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('holds in a session that ignores what CHECK says', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, revisions), { target: 'a1' })
      expect((await sqlite(db, script)).code).toBe(0)
      const before = await everything()
      const ignoring = `PRAGMA ignore_check_constraints = ON;\n${script}`
      for (const client of CLIENTS) {
        const again = await sqlite(db, ignoring, client)
        expect(again.stderr).toContain('rev: this script starts at base')
        expect(again.code).toBe(1)
        expect(await everything()).toBe(before)
      }
    })

    test('lets several scripts pass in one session', async () => {
      await db.empty()
      const rev = openRev(db, revisions)
      const scripts = [await scriptOf(rev, { target: 'b2' }), await scriptOf(rev, { target: 'b2:d4' })]
      expect(await sqlite(db, scripts.join('\n'))).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['d4'])
    })

    test('is not wanted with --no-guard', async () => {
      await db.empty()
      const rev = openRev(db, revisions)
      await sqlite(db, await scriptOf(rev, { target: 'a1', guard: false }))
      const script = await scriptOf(rev, { target: 'a1:d4', guard: false })
      expect(script).not.toMatch(/rev_proof|rev_need|rev_lock/)
      expect(await sqlite(db, script)).toEqual({ code: 0, stderr: '', stdout: SETTINGS })
      expect(await rowsOf(db)).toEqual(['d4'])
      expect(await db.knex()('rev_event').where({ outcome: 'done' }).pluck('revision')).toEqual([
        'a1',
        null,
        'b2',
        'c3',
        'd4',
        null,
      ])
    })

    test('works with a write-ahead log', async () => {
      await db.empty()
      await db.knex().raw('pragma journal_mode = wal')
      const rev = openRev(db, revisions)
      expect(await sqlite(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
      expect((await rev.current()).rows).toEqual(['d4'])
    })

    test('changes nothing in a client that forbids ATTACH', async () => {
      await db.empty()
      const result = await startSqlite(db, await scriptOf(openRev(db, revisions)), ['-safe']).done
      expect(result.stderr).toContain('cannot run ATTACH in safe mode')
      expect(result.code).toBe(1)
      expect(await db.tables()).toEqual([])
    })

    test('works in memory', async () => {
      const script = await scriptOf(openRev(db, revisions))
      const memory = await startSqlite({ ...db, name: ':memory:' }, script).done
      expect(memory).toEqual({
        code: 0,
        stderr: '',
        stdout: `${SETTINGS}rev: takes the lock :memory:\nexclusive\nrev: the database in memory is now at d4\n`,
      })
    })
  },
  { only: ['sqlite'] },
)
