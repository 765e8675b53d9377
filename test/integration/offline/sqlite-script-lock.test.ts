import { symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { scriptOf } from './postgresql-psql.ts'
import { CLIENTS, openSqlite, scriptFor, sqlite, startSqlite } from './sqlite-client.ts'

const revisions = [creates('a1', null), creates('b2', 'a1')]

describeEachDialect(
  'the lock of a script for sqlite3',
  (db) => {
    const rev = () => openRev(db, revisions)
    const impatient = (script: string): string => script.replace('.timeout 5000', '.timeout 50')

    /** A client that has come to the end of the first step of the script, and stays there until it is let go. */
    const halfWay = async (script: string) => {
      const second = script.indexOf('-- ===== (2/2)')
      const running = openSqlite(db)
      running.write(`${script.slice(0, second)}\nSELECT 'half way';\n`)
      await running.saw(/half way/)
      return { goOn: () => running.end(script.slice(second)), kill: () => void running.process.kill('SIGKILL') }
    }

    test.each(CLIENTS)('keeps a second script away, run by a client that %s', async (client) => {
      await db.empty()
      const script = await scriptOf(rev())
      const first = await halfWay(script)
      expect(await rowsOf(db)).toEqual(['a1'])
      const before = await db.dump({ ignore: /^$/ })
      for (const text of [script, await scriptOf(rev(), { target: 'a1:b2' })]) {
        const second = await sqlite(db, impatient(text), client)
        expect(second.stderr).toContain('database is locked')
        expect(second.code).toBe(1)
        expect(await db.dump({ ignore: /^$/ })).toBe(before)
      }
      expect(await first.goOn()).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('keeps an online run away, while applications go on', async () => {
      await db.empty()
      const first = await halfWay(await scriptOf(rev()))
      const refused = await errorOf(rev().upgrade({ lockTimeout: 0 }))
      expect(refused.code).toBe('REV_DATABASE_LOCKED')
      expect(refused.details).toMatchObject({ holder: 'upgrade by a script' })
      await db.knex()('a1').insert({ id: 7 })
      expect((await first.goOn()).code).toBe(0)
      expect(await db.knex()('a1').pluck('id')).toEqual([7])
      expect((await rev().upgrade()).steps).toEqual([])
    })

    test.each(CLIENTS)('is not to be had while an online run has it, for a client that %s', async (client) => {
      await db.empty()
      const script = await scriptOf(rev(), { target: 'a1' })
      const online = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1', {
          upgrade: `const { spawnSync } = await import('node:child_process')
            const result = spawnSync('sqlite3', ['-batch', process.env.REV_TEST_FILE], { input: process.env.REV_TEST_SCRIPT })
            await knex('a1').insert({ id: result.status })
            await knex.schema.createTable('said', (table) => table.text('what'))
            await knex('said').insert({ what: String(result.stderr) })`,
        }),
      ])
      process.env.REV_TEST_FILE = db.name
      process.env.REV_TEST_SCRIPT = scriptFor(impatient(script), client)
      try {
        expect((await online.upgrade()).rows).toEqual(['b2'])
      } finally {
        delete process.env.REV_TEST_FILE
        delete process.env.REV_TEST_SCRIPT
      }
      expect(await db.knex()('a1').pluck('id')).toEqual([1])
      expect((await db.knex()('said').pluck('what'))[0]).toContain('database is locked')
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('goes to one of four that start at once, and the others say what they found', async () => {
      const script = await scriptOf(openRev(db, [...revisions, creates('c3', 'b2'), creates('d4', 'c3')]))
      for (let round = 1; round <= 8; round += 1) {
        await db.empty()
        const results = await Promise.all([1, 2, 3, 4].map(() => sqlite(db, script)))
        const [winner, ...others] = results.toSorted((a, b) => Number(a.code) - Number(b.code))
        expect(winner).toMatchObject({ code: 0, stderr: '' })
        for (const { code, stdout, stderr } of others) {
          expect(code).toBe(1)
          expect(stdout).toContain('rev: this script starts at base, but database')
          expect(stderr).toContain('this script starts at base, but the database is not there')
        }
        expect(await rowsOf(db)).toEqual(['d4'])
        expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
      }
    })

    test('leaves the database to others while a script waits for it', async () => {
      await db.empty()
      const script = await scriptOf(rev())
      const first = await halfWay(script)
      const waiting = openSqlite(db)
      waiting.write(script.replace('.timeout 5000', '.timeout 20000'))
      await waiting.saw(/takes the lock/)
      await sleep(200)
      // Fails, rather than waiting until the other gives up.
      const writer = await sqlite(db, '.timeout 50\nINSERT INTO a1 VALUES (7);\n')
      expect(writer).toMatchObject({ code: 0, stderr: '' })
      expect(await first.goOn()).toMatchObject({ code: 0, stderr: '' })
      const second = await waiting.end('')
      expect(second.stderr).toContain('this script starts at base, but the database is not there')
      expect(await db.knex()('a1').pluck('id')).toEqual([7])
      expect(await rowsOf(db)).toEqual(['b2'])
    })

    test('leaves the database to others while an online run waits for it', async () => {
      await db.empty()
      const first = await halfWay(await scriptOf(rev()))
      const waiting = rev().upgrade({ lockTimeout: 20_000 })
      for (let times = 0; times < 5; times += 1) {
        await sleep(60)
        const writer = await sqlite(db, '.timeout 0\nINSERT INTO a1 VALUES (NULL);\n')
        expect(writer).toMatchObject({ code: 0, stderr: '' })
      }
      expect((await first.goOn()).code).toBe(0)
      expect((await waiting).steps).toEqual([])
      expect(await db.knex()('a1').pluck('id')).toEqual([1, 2, 3, 4, 5])
    })

    test('is given back at the end of a script, while its session goes on', async () => {
      await db.empty()
      const running = openSqlite(db)
      running.write(await scriptOf(rev(), { target: 'a1' }))
      await running.saw(/is now at a1/)
      running.write("SELECT 'still here';\n")
      await running.saw(/still here/)
      expect((await rev().upgrade({ lockTimeout: 0 })).rows).toEqual(['b2'])
      expect((await running.end('')).code).toBe(0)
    })

    test('is given back when the client dies', async () => {
      await db.empty()
      const first = await halfWay(await scriptOf(rev()))
      first.kill()
      await first.goOn()
      expect((await rev().upgrade({ lockTimeout: 0 })).rows).toEqual(['b2'])
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

    test('is the same by way of a link', async () => {
      await db.empty()
      await rev().ensureVersion()
      const link = `${db.name}.link`
      symlinkSync(db.name, link)
      const first = await halfWay(await scriptOf(rev()))
      const second = await startSqlite({ ...db, name: link }, impatient(await scriptOf(rev(), { target: 'a1:b2' })))
        .done
      expect(second.stderr).toContain('database is locked')
      expect((await first.goOn()).code).toBe(0)
    })
  },
  { only: ['sqlite'] },
)
