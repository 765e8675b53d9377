import { expect, test } from 'vitest'
import { openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

describeEachDialect(
  'a session that was ended, and that the server is still at,',
  (db) => {
    test('is waited for before it is looked at what has become of its statement', async () => {
      await db.empty()
      const outside = { extra: 'export const transaction = false' }
      const first = {
        ...outside,
        revision: 'first',
        upgrade: `await knex.raw('create table first (id int, w char(90))')`,
      }
      await openRev(db, [first]).upgrade()
      const second = {
        ...outside,
        revision: 'second',
        down: 'first',
        upgrade: `await knex.raw('create table second (id int)')`,
      }
      const watch = db.knex()
      const client = watch.client as { acquireRawConnection(): Promise<Raw>; destroyRawConnection(raw: Raw): unknown }
      const raw = await client.acquireRawConnection()
      raw.on('error', () => undefined)
      const session = raw.threadId
      const commands = (): Promise<string[]> =>
        watch('information_schema.processlist').where({ id: session }).pluck('command')
      await new Promise((resolve) => raw.query('begin', resolve))
      const fill = "insert into first select seq, repeat('x', 80) from seq_1_to_400000"
      await new Promise((resolve) => raw.query(fill, resolve))
      await watch('rev_step').insert({
        revision: 'second',
        direction: 'upgrade',
        number: 1,
        state: 'running',
        hash: 'of it',
        statement: 'create table second (id int)',
        looked: JSON.stringify({ state: '[null]' }),
        run_id: 'another',
        session_id: String(session),
        started_at: watch.raw('utc_timestamp(3)'),
      })
      await watch.raw(`kill connection ${session}`)
      expect(await commands()).toEqual(['Killed'])

      await openRev(db, [first, second]).upgrade()

      expect(await commands()).toEqual([])
      expect(await rowsOf(db)).toEqual(['second'])
      client.destroyRawConnection(raw)
    })
  },
  { only: ['mysql'] },
)

/** A connection of the driver. */
interface Raw {
  readonly threadId: number
  on(event: 'error', listener: () => void): unknown
  query(sql: string, done: (result: unknown) => void): unknown
}
