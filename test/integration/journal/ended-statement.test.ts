import { expect, test } from 'vitest'
import { isRevError } from '../../../src/index.ts'
import { openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

// Where in the statement the server is hit cannot be chosen; most attempts meet the place.
const MOST_ATTEMPTS = 60

describeEachDialect(
  'a statement that an administrator has ended',
  (db) => {
    test('is done where it took place all the same', async () => {
      await db.empty()
      const outside = { extra: 'export const transaction = false' }
      const revisions = [
        { ...outside, revision: 'keeps', upgrade: `await knex.raw('create table keeps (id int)')` },
        {
          ...outside,
          revision: 'drops',
          down: 'keeps',
          upgrade: `await knex('keeps').insert({ id: 1 })\nawait knex.raw('drop function one')`,
          downgrade: `await knex.raw('create function one() returns int return 1')`,
        },
      ]
      await openRev(db, revisions).upgrade({ target: 'keeps' })
      const [[{ database }]] = await db.knex().raw('select database() as `database`')
      let met = 0
      for (let attempt = 1; met < 3; attempt += 1) {
        expect(attempt, `met ${met} times`).toBeLessThanOrEqual(MOST_ATTEMPTS)
        await db.knex().raw('create or replace function one() returns int return 1')
        await db.knex()('keeps').del()
        const running = { isOver: false }
        const run = openRev(db, revisions).upgrade()
        const over = run.catch(() => undefined).then(() => Object.assign(running, { isOver: true }))
        while (!running.isOver) {
          const sessions = db.knex()('information_schema.processlist').where({ db: database })
          for (const id of await sessions.where('info', 'like', 'drop function%').pluck('id')) {
            await db.knex().raw(`kill query ${Number(id)}`)
          }
        }
        await over
        const error = await run.then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (error !== undefined) {
          expect(isRevError(error, 'REV_STEP_FAILED'), String(error)).toBe(true)
          const left = await db.knex()('information_schema.routines').where({ routine_schema: database })
          if (left.length === 0) met += 1

          await openRev(db, revisions).upgrade()
        }
        expect(await rowsOf(db)).toEqual(['drops'])
        expect(await db.knex()('keeps').pluck('id')).toEqual([1])
        await openRev(db, revisions).downgrade({ target: 'keeps' })
      }
    }, 120_000)
  },
  { only: ['mysql'] },
)
