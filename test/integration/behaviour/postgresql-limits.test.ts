import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { holdTable } from './held-table.ts'

const MAKES = `await knex.raw('create index concurrently aaa_id on aaa (id)')`
const SHOWS = `
  const { rows } = await knex.raw("select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement")
  context.log(rows[0].lock + ' ' + rows[0].statement)`

describeEachDialect(
  'an index that is made concurrently',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await openRev(db, [creates('aaa', null)]).upgrade()
    })

    test('waits for everybody else as long as it takes; the limits hold again after it', async () => {
      const held = await holdTable(db, 'aaa', { holding: 'writing' })
      const heard = recordingReporter()
      const extra = 'export const transaction = false'
      const upgrade = `${SHOWS}; {${MAKES}} {${SHOWS}}`
      const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade, extra }], {
        reporter: heard.report,
      })

      const running = rev.upgrade({ tableLockTimeout: 200, statementTimeout: '400ms' })
      // Twice as long as both limits, once the statement is under way.
      const waiting = () =>
        db
          .knex()('pg_stat_activity')
          .where('query', 'like', 'create index concurrently%')
          .whereRaw(`query_start < clock_timestamp() - interval '800 milliseconds' and wait_event_type = 'Lock'`)
          .first('pid')
      await expect.poll(waiting, { timeout: 20_000 }).toBeDefined()
      await held.release()
      await running

      expect(heard.of('log').map(({ text }) => text)).toEqual(['200ms 400ms', '200ms 400ms'])
      expect(await rowsOf(db)).toEqual(['bbb'])
    })

    test.each([
      ['in its config', 'export const config = { transaction: false, tableLockTimeout: 200 }', MAKES],
      ['by SQL', 'export const transaction = false', `await knex.raw("set lock_timeout = '200ms'"); ${MAKES}`],
    ])('keeps the limit that the revision itself sets %s, and is sent once', async (_, extra, upgrade) => {
      await holdTable(db, 'aaa', { holding: 'writing' })
      const heard = recordingReporter()
      const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade, extra }], {
        reporter: heard.report,
      })

      const error = await errorOf(rev.upgrade())

      expect(error.code).toBe('REV_STEP_FAILED')
      expect(heard.of('retry')).toEqual([])
      expect(await rowsOf(db)).toEqual(['aaa'])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'the limits of a step',
  (db) => {
    beforeEach(() => db.empty())

    test.each([
      ['', 'export const config = {}'],
      [', without a transaction around them', 'export const transaction = false'],
    ])('hold again after a transaction of the revision was rolled back%s', async (_, extra) => {
      const heard = recordingReporter()
      const upgrade = `
        await knex.transaction(async (trx) => {
          await trx.raw("set local lock_timeout = '1s'")
          throw new Error('undone')
        }).catch(() => {})
        ${SHOWS}`
      await openRev(db, [{ revision: 'aaa', upgrade, extra }], { reporter: heard.report }).upgrade({
        tableLockTimeout: '7s',
        statementTimeout: '8s',
      })

      expect(heard.of('log').map(({ text }) => text)).toEqual(['7s 8s'])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'the limits of a step behind a pooler, where the session belongs to nobody',
  (db) => {
    beforeEach(() => db.empty())

    test('hold within a transaction, and are not set for a revision without one, which is said', async () => {
      const heard = recordingReporter()
      const revisions = [
        { revision: 'aaa', upgrade: SHOWS },
        { revision: 'bbb', down: 'aaa', upgrade: SHOWS, extra: 'export const transaction = false' },
      ]
      const config = { ...db.knexConfig(), rev: { lock: 'lease', tableLockTimeout: '7s' } as const }

      await openRev(db, revisions, { config, reporter: heard.report }).upgrade()

      expect(heard.of('log').map(({ text }) => text)).toEqual(['7s 0', '0 0'])
      const notices = heard.of('notice').filter(({ code }) => code === 'REV_NOTICE_TIME_LIMIT')
      expect(notices.map(({ message }) => message)).toEqual([expect.stringContaining('do not hold for bbb:')])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'the default limit of a step',
  (db) => {
    beforeEach(() => db.empty())

    test('gives way to that of the database', async () => {
      const heard = recordingReporter()
      await db.knex().raw(`alter database ${db.name} set lock_timeout = '2h'`)

      await openRev(db, [{ revision: 'aaa', upgrade: SHOWS }], { reporter: heard.report }).upgrade()

      expect(heard.of('log').map(({ text }) => text)).toEqual(['2h 0'])
    })
  },
  { only: ['postgresql'] },
)
