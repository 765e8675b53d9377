import { beforeEach, expect, test } from 'vitest'
import { errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { holdTable } from './held-table.ts'

describeEachDialect(
  'the limits of steps that share a transaction',
  (db) => {
    const asks =
      db.dialect === 'postgresql'
        ? `
          const { rows } = await knex.raw("select setting from pg_settings where name = 'lock_timeout'")
          context.log(rows[0].setting)`
        : `
          const [row] = await knex.raw('pragma busy_timeout')
          context.log(String(row.timeout))`
    const revisions = [
      { revision: 'aaa', upgrade: asks, extra: `export const config = { tableLockTimeout: '9s' }` },
      { revision: 'bbb', down: 'aaa', upgrade: asks },
    ]

    beforeEach(() => db.empty())

    test('are those of each step, in a run that is one transaction', async () => {
      const heard = recordingReporter()

      await openRev(db, revisions, { reporter: heard.report }).upgrade({ singleTransaction: true })

      expect(heard.of('log').map(({ text }) => text)).toEqual(['9000', '5000'])
      expect(await rowsOf(db)).toEqual(['bbb'])
    })

    test('are those of each step in a transaction that is handed in, which is as before afterwards', async () => {
      const heard = recordingReporter()
      const now = await db.knex().transaction(async (knex) => {
        await openRev(db, revisions, { knex, reporter: heard.report }).upgrade()
        if (db.dialect === 'sqlite') return (await knex.raw('pragma busy_timeout'))[0].timeout
        return (await knex.raw("select current_setting('lock_timeout') as now")).rows[0].now
      })

      expect(heard.of('log').map(({ text }) => text)).toEqual(['9000', '5000'])
      expect(now).toBe(db.dialect === 'sqlite' ? 5_000 : '0')
    })
  },
  { only: ['postgresql', 'sqlite'] },
)

describeEachDialect(
  'a revision with retries in a run that is one transaction',
  (db) => {
    test('is run once, because there is no transaction to begin afresh', async () => {
      await db.empty()
      await db.knex().schema.createTable('held', (table) => table.integer('id'))
      const heard = recordingReporter()
      const { reporter } = await holdTable(db, 'held', { reporter: heard.report })
      const upgrade = `await knex.raw('alter table held add column more integer')`
      const extra = 'export const config = { tableLockTimeout: 200, retries: 2 }'
      const rev = openRev(db, [{ revision: 'aaa', upgrade, extra }], { reporter })

      const error = await errorOf(rev.upgrade({ singleTransaction: true, allowNonEmpty: true }))

      expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { singleTransaction: true, rolledBack: true } })
      expect(error.details).toMatchObject({ limit: { name: 'tableLockTimeout', ms: 200, source: 'revision' } })
      expect(error.details).toMatchObject({ blockers: [expect.stringContaining('connection')] })
      expect(heard.of('retry')).toEqual([])
    })
  },
  { only: ['postgresql'] },
)
