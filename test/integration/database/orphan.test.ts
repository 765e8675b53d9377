import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { run } from '../../../src/database/run.ts'
import { rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { tempDirectory } from '../../support/temp-project.ts'
import { open } from './open.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'
import { startLockProcess } from './start-lock-process.ts'

const upgrade = (db: TestDatabase, recorded: ReturnType<typeof recordingReporter>) =>
  open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), { recorded })

/** What has to be said of a process that is gone and of its statement, without a value of it. */
function expectTold(holder: string | undefined, words: string, pid: number | undefined): void {
  expect(holder).toContain(`running ${words} ..., for `)
  expect(holder).toContain(`there is no process ${pid} on this machine`)
  expect(holder).toContain('the server is still at its statement')
  expect(holder).not.toMatch(/secret|4711/)
}

describeEachDialect(
  'the statement of a run that was killed',
  (db) => {
    beforeEach(() => db.empty())

    test('is waited for until the server notices, and it is said what it is', async () => {
      const killed = startLockProcess(db, { statement: `select pg_sleep(4711), 'secret'` })
      const asleep = () => db.knex()('pg_stat_activity').where('wait_event', 'PgSleep').first('pid')
      await expect.poll(asleep, { timeout: 20_000 }).toBeDefined()
      killed.process.kill('SIGKILL')
      await killed.done
      const recorded = recordingReporter()

      const { steps } = await upgrade(db, recorded)

      expect(steps.map(({ revision }) => revision)).toEqual(['b', 'c'])
      expect(await rowsOf(db)).toEqual(['c'])
      expectTold(recorded.of('lock:wait')[0]?.holder, 'select pg_sleep(', killed.process.pid)
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'the statement of a run that was killed',
  (db) => {
    beforeEach(() => db.empty())

    test('is waited for until the server is done with it, and it is said again what it is', async () => {
      const until = join(tempDirectory(), 'go')
      // Long enough that the server does not give the insert up by itself.
      const rev = { tableLockTimeout: '1m' }
      const killed = startLockProcess(db, { until, rev, statement: `insert into table_a (id) values (4711)` })
      await killed.saw(/inside/)
      const recorded = recordingReporter()

      // Until this transaction ends the server waits in the midst of the insert, whoever has asked for it.
      const next = await db.knex().transaction(async (knex) => {
        await knex.raw('select * from table_a for update')
        writeFileSync(until, '')
        const inserting = () =>
          db.knex()('information_schema.processlist').where('info', 'like', 'insert into table_a%').first('id')
        await expect.poll(inserting, { timeout: 20_000 }).toBeDefined()
        killed.process.kill('SIGKILL')
        await killed.done
        const waiting = upgrade(db, recorded)
        await expect.poll(() => recorded.of('lock:wait').length, { timeout: 20_000 }).toBe(2)
        return { waiting }
      })
      const { steps } = await next.waiting

      expect(steps.map(({ revision }) => revision)).toEqual(['b', 'c'])
      expect(await rowsOf(db)).toEqual(['c'])
      expect(await db.knex()('table_a').select()).toEqual([])
      for (const { holder } of recorded.of('lock:wait')) {
        expectTold(holder, 'insert into table_a (id) values (', killed.process.pid)
      }
    })
  },
  { only: ['mysql'] },
)
