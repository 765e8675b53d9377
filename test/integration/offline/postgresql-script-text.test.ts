import { expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf } from './postgresql-psql.ts'

const ALONE = { extra: 'export const transaction = false' }
// Each of these would end a quote, a comment or a line, or begin a command of psql, if it were let.
const NASTY = `x"; DROP TABLE a1; -- '$rev$ \\q :HOST * /`
const SCHEMA = `s'; \\q $rev$ "%s"`

describeEachDialect(
  'what stands in a script for PostgreSQL',
  (db) => {
    test('cannot be left by names and messages', async () => {
      await db.empty()
      const message = "*/ \\! touch pwned\n\\q\n'; DROP TABLE a1; $rev$ END $rev$; -- %s % :HOST"
      const rev = openRev(
        db,
        [creates('a1', null, { message: 'x' }), creates('b2', 'a1', { ...ALONE, message: 'y' })],
        {
          config: { ...db.knexConfig(), rev: { versionTable: NASTY, schema: SCHEMA } },
        },
      )
      const file = rev.project.revision(creates('a1', null, { message: 'x' }))
      rev.project.write(
        `versions/${file.split('/').at(-1)}`,
        rev.project.read(`versions/${file.split('/').at(-1)}`).replace(' * x', ` * ${message.replaceAll('*/', '')}`),
      )
      const script = await scriptOf(rev)
      expect(await psql(db, script)).toMatchObject({ code: 0, stderr: '' })
      expect((await rev.current()).rows).toEqual(['b2'])
      expect(await tablesOf(db)).toEqual(['a1', 'b2'])
      const again = await psql(db, script)
      expect(again.stderr).toContain(`rev: this script starts at base, but database "${db.name}" is at b2`)
      await db.knex().raw('drop table ??.??', [SCHEMA, NASTY])
      expect((await psql(db, script)).stderr).toContain(`but no version table ${SCHEMA}.${NASTY}`)
    })

    test('gives the session back to the next revision as it was, and to rev as it must be', async () => {
      await db.empty()
      const note = (step: string): string =>
        `await knex.raw("INSERT INTO seen SELECT '${step}', current_user, current_setting('search_path'), current_setting('work_mem'), current_setting('lock_timeout'), current_setting('statement_timeout')")`
      const rev = openRev(db, [
        creates('a1', null, {
          upgrade: `await knex.raw('CREATE TABLE seen (step text, who text, path text, mem text, lock text, statement text)')
            ${note('a1')}
            await knex.raw("SET work_mem = '7MB'; SET search_path TO pg_catalog; SET lock_timeout = 0")
            await knex.raw("SET LOCAL statement_timeout = '1min'")
            await knex.raw('SET ROLE pg_monitor')`,
        }),
        creates('b2', 'a1', {
          ...ALONE,
          upgrade: `${note('b2')}
            await knex.raw("SET work_mem = '9MB'")
            await knex.raw('SET SESSION AUTHORIZATION pg_monitor')`,
        }),
        creates('c3', 'b2', { upgrade: note('c3') }),
      ])
      const script = await scriptOf(rev)
      expect(await psql(db, `SET work_mem = '5MB';\n${script}`)).toMatchObject({ code: 0, stderr: '' })
      const seen = await db.knex()('seen').orderBy('step')
      const session = { who: 'postgres', path: '"$user", public', mem: '5MB', lock: '5s', statement: '0' }
      expect(seen).toEqual(['a1', 'b2', 'c3'].map((step) => ({ step, ...session })))
      expect(await rowsOf(db)).toEqual(['c3'])
    })

    test('stops where a temporary table takes the place of one of its own', async () => {
      for (const table of ['rev_version', 'rev_event']) {
        for (const more of [{}, ALONE]) {
          await db.empty()
          const hides = `await knex.raw('create temporary table ${table} (version_num text)')`
          const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { ...more, upgrade: hides })])
          const result = await psql(db, await scriptOf(rev))
          // A step without a transaction looks at the rows once more.
          expect(result.stderr).toMatch(
            /rev: (?:a temporary table hides rev_version|step 2 starts at a1, but .* is at base)/,
          )
          expect(result.code).toBe(3)
          expect(await rowsOf(db)).toEqual(['a1'])
        }
      }
    })

    test('refuses to be written with a reset of everything in it', async () => {
      for (const statement of ['RESET ALL', '/* all */ discard -- it\n all', 'SELECT 1; RESET ALL']) {
        const rev = openRev(db, [
          creates('a1', null, { ...ALONE, upgrade: `await knex.raw(${JSON.stringify(statement)})` }),
        ])
        const refused = await errorOf(scriptOf(rev))
        expect(refused).toMatchObject({ code: 'REV_OFFLINE_STATEMENT', details: { revision: 'a1' } })
      }
      const rev = openRev(db, [
        creates('a1', null, { upgrade: `await knex.raw("SELECT 'RESET ALL'; RESET work_mem")` }),
      ])
      expect(await scriptOf(rev)).toContain('RESET work_mem')
    })

    test.each(CLIENTS)('that a read of rows has ended stops a psql that %s', async (client) => {
      await db.empty()
      const read = `await knex.raw('CREATE TABLE half (id int)')\nawait knex('a1').select()`
      for (const more of [{}, ALONE]) {
        await db.empty()
        const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { ...more, upgrade: read })])
        const script = await scriptOf(rev, { onDataRead: 'comment' })
        const result = await psql(db, `${script}\nCREATE TABLE after_it (id int);\n`, client)
        expect(result.stderr).toContain('ERROR:  rev: revision b2 reads rows here; run it with rev upgrade')
        expect(result.code).toBe(client === 'stops at errors' ? 3 : 0)
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1'])
        // Nothing of the revision is there, so that rev can run it.
        expect((await rev.upgrade()).rows).toEqual(['b2'])
        await db.knex().schema.dropTable('rev_event')
      }
    })

    test('for another client has no commands of psql in it, and does the same', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1', { ...ALONE, upgrade: `await knex.raw('CREATE INDEX CONCURRENTLY b2 ON a1 (id)')` }),
      ])
      const script = await scriptOf(rev, { sqlClient: 'generic' })
      expect(script).not.toContain('\\')
      expect(await psql(db, script)).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      const before = await db.dump({ ignore: /^$/ })
      const again = await psql(db, script, 'ignores errors')
      expect(again.stderr).toContain('rev: this script starts at base')
      expect(await db.dump({ ignore: /^$/ })).toBe(before)
    })

    test('for another client, one that goes on after an index that is invalid, changes nothing more', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null, {
          upgrade: `await knex.raw('CREATE TABLE a1 (n int)')\nawait knex('a1').insert([{ n: 1 }, { n: 1 }])`,
        }),
        creates('b2', 'a1', {
          ...ALONE,
          upgrade: `await knex.raw('CREATE UNIQUE INDEX CONCURRENTLY one ON a1 (n)')
            await knex.raw('REINDEX INDEX CONCURRENTLY other')
            await knex.raw('CREATE TABLE later (n int)')`,
        }),
      ])
      const script = await scriptOf(rev, { sqlClient: 'generic' })
      const withIndex = script.replace(/^CREATE UNIQUE INDEX/m, 'CREATE INDEX CONCURRENTLY other ON a1 (n);\n$&')
      const result = await psql(db, withIndex, 'ignores errors')
      expect(result.stderr).toContain('rev: index one is missing or INVALID')
      expect(result.stderr).not.toContain('rev: index other')
      expect(await tablesOf(db)).toEqual(['a1'])
      expect(await rowsOf(db)).toEqual(['a1'])
    })

    test('without a guard is plain SQL with the same log', async () => {
      await db.empty()
      await db.knex().schema.createTable('somebody', (table) => table.increments('id'))
      const rev = openRev(db, [
        creates('a1', null, { upgrade: `await knex.raw("SET LOCAL work_mem = '7MB'")` }),
        creates('b2', 'a1', ALONE),
      ])
      const script = await scriptOf(rev, { guard: false, sqlClient: 'generic' })
      expect(script).not.toMatch(/read_only = on|advisory|LOCK TABLE|starts at/)
      expect(await psql(db, script)).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      const log = await db.knex()('rev_event').orderBy('seq').select('seq', 'revision', 'outcome', 'statements')
      expect(log).toEqual([
        { seq: 1, revision: null, outcome: 'started', statements: null },
        { seq: 2, revision: 'a1', outcome: 'done', statements: 1 },
        { seq: 3, revision: 'b2', outcome: 'done', statements: 1 },
        { seq: 4, revision: null, outcome: 'done', statements: null },
      ])
    })
  },
  { only: ['postgresql'] },
)
