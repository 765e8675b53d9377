import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'

describeEachDialect(
  'how long a statement may take',
  (db) => {
    const sleeps =
      db.dialect === 'mysql' ? `await knex.raw('select sleep(20)')` : `await knex.raw('select pg_sleep(20)')`

    const isMariaDb = async (): Promise<boolean> => {
      const { rows = [], 0: [row] = rows } = await db.knex().raw('select version() as version')
      return /mariadb/i.test(row.version)
    }

    beforeEach(() => db.empty())

    test.each([
      ['the setting', { settings: { statementTimeout: '1s' }, source: 'setting' }],
      ['the run', { settings: { statementTimeout: '1m' }, run: { statementTimeout: '1s' }, source: 'option' }],
      ['the revision', { run: { statementTimeout: '1m' }, config: `{ statementTimeout: 1000 }`, source: 'revision' }],
      [
        'the revision, without a transaction',
        { config: `{ transaction: false, statementTimeout: '1s' }`, source: 'revision' },
      ],
    ] as const)('is what %s says, and the error names it', async (_, asked) => {
      // MySQL lets sleep() return when its time is over, and says nothing.
      if (db.dialect === 'mysql' && !(await isMariaDb())) return
      const { settings = {}, run = {}, config, source } = { settings: {}, run: {}, config: '{}', ...asked }
      const rev = openRev(
        db,
        [
          creates('aaa', null),
          { revision: 'bbb', down: 'aaa', upgrade: sleeps, extra: `export const config = ${config}` },
        ],
        { config: { ...db.knexConfig(), rev: settings } },
      )

      const error = await errorOf(rev.upgrade(run))

      expect(error).toMatchObject({
        code: 'REV_STEP_FAILED',
        details: { limit: { name: 'statementTimeout', ms: 1_000, source } },
      })
      expect(error.hint).toContain('the time limit statementTimeout of 1 s')
      expect(await rowsOf(db)).toEqual(['aaa'])
    })

    test("is not for rev's own statements", async () => {
      await openRev(db, [creates('aaa', null)]).upgrade()
      const ofMysql = (await isMariaDb()) ? 'max_statement_time' : 'max_execution_time'
      const limit = db.dialect === 'mysql' ? `@@session.${ofMysql}` : `current_setting('statement_timeout')`
      await db.knex().schema.createTable('seen', (table) => table.string('value'))
      const insert = `insert into seen values (${limit})`
      if (db.dialect === 'mysql') {
        await db.knex().raw(`create trigger sees after update on rev_version for each row ${insert}`)
      } else {
        await db
          .knex()
          .raw(`create function sees() returns trigger language plpgsql as $$ begin ${insert}; return null; end $$`)
        await db.knex().raw('create trigger sees after update on rev_version for each row execute function sees()')
      }
      const next = creates('bbb', 'aaa', { extra: `export const config = { statementTimeout: '9s' }` })

      await openRev(db, [creates('aaa', null), next]).upgrade()

      expect((await db.knex()('seen').pluck('value')).map(Number)).toEqual([0])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'how long a statement may take',
  (db) => {
    beforeEach(() => db.empty())

    test.each([
      ['the setting', { settings: { statementTimeout: '1s' } }],
      ['the run', { run: { statementTimeout: '1s' } }],
      ['a revision', { config: `{ statementTimeout: '1s' }` }],
    ] as const)('is refused when %s limits it, before anything is run', async (_, asked) => {
      const { settings = {}, run = {}, config } = { settings: {}, run: {}, config: '{}', ...asked }
      const heard = recordingReporter()
      const rev = openRev(db, [creates('aaa', null, { extra: `export const config = ${config}` })], {
        config: { ...db.knexConfig(), rev: settings },
        reporter: heard.report,
      })

      expect(await errorOf(rev.upgrade(run))).toMatchObject({
        code: 'REV_DATABASE_STATEMENT_TIMEOUT',
        exit: 2,
        details: { revisions: ['aaa'] },
      })
      expect(heard.of('step:start')).toEqual([])
      expect(await tablesOf(db)).toEqual([])
    })

    test('is without end when 0 is asked for, which every database can do', async () => {
      expect((await openRev(db, [creates('aaa', null)]).upgrade({ statementTimeout: 0 })).rows).toEqual(['aaa'])
    })
  },
  { only: ['sqlite'] },
)
