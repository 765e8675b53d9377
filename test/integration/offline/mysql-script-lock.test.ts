import { expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, mysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

const LOCKED = /rev: another run holds the lock \(connection \d+\)/

describeEachDialect(
  'the lock of a script for mariadb',
  (db) => {
    const gate = `gate_${db.name}`
    const wait = `insert into a1 (id) values (get_lock('${gate}', 60))`
    /** The second revision waits until the test opens the gate. */
    const rev = () => openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: `await knex.raw("${wait}")` })])
    const waiting = async (): Promise<number> => {
      const query = `select 1 from information_schema.processlist where info = ? and state = 'User lock'`
      return (await db.knex().raw(query, [wait]))[0].length
    }
    /** Does something while a run stands at the gate. */
    const atTheGate = async <T>(start: () => Promise<T>, meanwhile: () => Promise<void>): Promise<T> => {
      const holder = await db.knex().transaction()
      await holder.raw('do get_lock(?, 60)', [gate])
      const running = start()
      try {
        await expect.poll(waiting, { timeout: 10_000 }).toBe(1)
        await meanwhile()
      } finally {
        await holder.raw('do release_lock(?)', [gate])
        await holder.rollback()
      }
      return running
    }
    /** The script, without the time that it waits for the lock. */
    const impatient = async (): Promise<string> =>
      (await scriptOf(rev())).replace('GET_LOCK(@rev_lock, 10)', 'GET_LOCK(@rev_lock, 0)')

    test.each(CLIENTS)('keeps a second script away, run by a client that %s', async (client) => {
      await db.empty()
      const script = await impatient()
      const first = await atTheGate(
        () => mysql(db, script),
        async () => {
          const second = await mysql(db, script, client)
          expect(second.stdout).toMatch(LOCKED)
          expect(second.stderr).toMatch(LOCKED)
          expect(second.code).toBe(client === 'stops at errors' ? 1 : 0)
        },
      )
      expect(first).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('keeps an online run away', async () => {
      await db.empty()
      const script = await scriptOf(rev())
      const first = await atTheGate(
        () => mysql(db, script),
        async () => {
          expect((await errorOf(rev().upgrade({ lockTimeout: 0 }))).code).toBe('REV_DATABASE_LOCKED')
        },
      )
      expect(first.code).toBe(0)
      expect(await rowsOf(db)).toEqual(['b2'])
    })

    test.each(CLIENTS)('is not to be had while an online run has it, for a client that %s', async (client) => {
      await db.empty()
      const script = await impatient()
      const done = await atTheGate(
        () => rev().upgrade(),
        async () => {
          expect((await mysql(db, script, client)).stdout).toMatch(LOCKED)
          expect(await rowsOf(db)).toEqual(['a1'])
        },
      )
      expect(done.rows).toEqual(['b2'])
      expect(await db.knex()('rev_event').where({ outcome: 'started' })).toHaveLength(1)
    })

    test('is given back by a script that ended well or badly, while its session goes on', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, [creates('a1', null)]))
      const held = 'SELECT IFNULL(IS_USED_LOCK(@rev_lock), 0);\n'
      expect((await mysql(db, `${script}\n${held}`)).stdout).toMatch(/is now at a1\n0\n$/)
      const again = await mysql(db, `${script}\n${held}`, 'ignores errors')
      expect(again.stdout).toMatch(/did NOT get through to a1\n0\n$/)
    })

    test('that is lost on the way stops the script before the next step', async () => {
      await db.empty()
      const script = await scriptOf(
        openRev(db, [
          creates('a1', null, { upgrade: `await knex.raw('do release_all_locks()')` }),
          creates('b2', 'a1'),
        ]),
      )
      const result = await mysql(db, script)
      expect(result.stderr).toContain('rev: the lock of this script was lost')
      expect(result.code).toBe(1)
      expect(await rowsOf(db)).toEqual(['a1'])
    })
  },
  { only: ['mysql'] },
)
