import type { Knex } from 'knex'
import { expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf, startPsql } from './postgresql-psql.ts'

const GATE = 4711

/** The second revision waits until the test opens the gate. */
const revisions = [
  creates('a1', null),
  creates('b2', 'a1', { upgrade: `await knex.raw('SELECT pg_advisory_xact_lock(${GATE})')` }),
]

describeEachDialect(
  'the lock of a script',
  (db) => {
    const waiting = async (): Promise<boolean> => {
      const query = 'select 1 from pg_locks where objid = ? and objsubid = 1 and not granted'
      return (await db.knex().raw(query, [GATE])).rows.length > 0
    }
    /** Does something while a run stands at the gate. */
    const atTheGate = async <T>(start: () => Promise<T>, meanwhile: (trx: Knex) => Promise<void>): Promise<T> => {
      const gate = await db.knex().transaction()
      await gate.raw('select pg_advisory_xact_lock(?)', [GATE])
      const running = start()
      try {
        await expect.poll(waiting, { timeout: 10_000 }).toBe(true)
        await meanwhile(gate)
      } finally {
        await gate.rollback()
      }
      return running
    }
    const rev = () => openRev(db, revisions)

    test.each(CLIENTS)('keeps a second script away, run by a psql that %s', async (client) => {
      await db.empty()
      const script = await scriptOf(rev())
      const first = await atTheGate(
        () => startPsql(db, script).done,
        async () => {
          const second = await psql(db, script, client)
          expect(second.stderr).toMatch(
            /ERROR: {2}rev: another run holds the lock of database .*\(pid \d+, user .*, application rev script upgrade base -> b2\)/,
          )
          expect(second.code).toBe(client === 'stops at errors' ? 3 : 0)
        },
      )
      expect(first).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('keeps an online run away', async () => {
      await db.empty()
      const first = await atTheGate(
        async () => startPsql(db, await scriptOf(rev())).done,
        async () => {
          const refused = await errorOf(rev().upgrade({ lockTimeout: 0 }))
          expect(refused.code).toBe('REV_DATABASE_LOCKED')
          expect(refused.message).toContain('application rev script upgrade base -> b2')
        },
      )
      expect(first.code).toBe(0)
      expect(await rowsOf(db)).toEqual(['b2'])
    })

    test.each(CLIENTS)('is not to be had while an online run has it, for a psql that %s', async (client) => {
      await db.empty()
      const script = await scriptOf(rev())
      const done = await atTheGate(
        () => rev().upgrade(),
        async () => {
          const result = await psql(db, script, client)
          expect(result.stderr).toContain('rev: another run holds the lock of database')
          expect(await rowsOf(db)).toEqual(['a1'])
        },
      )
      expect(done.rows).toEqual(['b2'])
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('is given back by a script that ended well or badly, while its session goes on', async () => {
      await db.empty()
      const held = `SELECT count(*) AS locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();\n`
      const script = await scriptOf(openRev(db, [creates('a1', null)]))
      const well = await psql(db, `${script}\n${held}`)
      expect(well.stdout).toMatch(/is now at a1\n0\n$/)
      const refused = await psql(db, `${script.replaceAll(/^SELECT format[^;]*;\n/gm, '')}\n${held}`, 'ignores errors')
      expect(refused.stdout).toBe('0\n')
      // Up to the guard, and not to the last lines.
      const guard = script.slice(0, script.indexOf('-- The tables of rev'))
      expect((await psql(db, `${guard}\n${held}`, 'ignores errors')).stdout).toBe('0\n')
    })

    test('is given back, too, when an attempt broke off in the same session', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, [creates('a1', null)]))
      const begun = script.slice(0, script.indexOf('-- ===== (1/1)'))
      const held = `SELECT count(*) AS locks FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();\n`
      const result = await psql(db, `${begun}\n${held}\n${script}\n${held}`)
      expect(result.stderr).toBe('')
      expect(result.stdout).toMatch(/^1\nrev: .* is now at a1\n0\n$/)
      const log: { run_id: string; outcome: string }[] = await db.knex()('rev_event').orderBy('seq')
      const outcomesOf = (id: string) => log.filter((row) => row.run_id === id).map(({ outcome }) => outcome)
      expect([...new Set(log.map((row) => row.run_id))].map(outcomesOf).sort()).toEqual([
        ['started', 'done', 'done'],
        ['started', 'interrupted'],
      ])
    })

    test('that is lost on the way stops the script before the next step', async () => {
      await db.empty()
      const script = await scriptOf(
        openRev(db, [
          creates('a1', null, { upgrade: `await knex.raw('SELECT pg_advisory_unlock_all()')` }),
          creates('b2', 'a1'),
        ]),
      )
      const result = await psql(db, script)
      expect(result.stderr).toContain('rev: step 2 is in a session that does not hold the lock of this script')
      expect(result.code).toBe(3)
      expect(await rowsOf(db)).toEqual(['a1'])
    })

    // A client that connects again by itself sends the rest of a transaction to a session that has none.
    test.each(CLIENTS)('is lost with its session, and no version row moves, for a psql that %s', async (client) => {
      await db.empty()
      const insert = `await knex('a1').insert({ id: 7 })`
      const script = await scriptOf(openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: insert })]))
      const again = script.replace('insert into "a1"', '\\connect\n$&')
      const result = await psql(db, again, client)
      expect(result.stderr).toContain('rev: step 2 ends in another session than it began in')
      expect(await rowsOf(db)).toEqual(['a1'])
    })
  },
  { only: ['postgresql'] },
)
