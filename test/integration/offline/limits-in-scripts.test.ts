import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { runScript } from './run-script.ts'
import { scriptOf } from './script-of.ts'

const LIMITS = `{ tableLockTimeout: '9s', statementTimeout: '8s' }`
const LONE = `{ transaction: false, tableLockTimeout: '9s', statementTimeout: '8s' }`

describeEachDialect(
  'the limits in a script',
  (db) => {
    const isMariaDb = async (): Promise<boolean> => {
      const { rows = [], 0: [row] = rows } = await db.knex().raw('select version() as version')
      return /mariadb/i.test(row.version)
    }
    const asks = async (): Promise<string> =>
      db.dialect === 'postgresql'
        ? `current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')`
        : `concat(@@session.lock_wait_timeout, ' ', @@session.innodb_lock_wait_timeout, ' ', round(@@session.${
            (await isMariaDb()) ? 'max_statement_time * 1000' : 'max_execution_time'
          }))`
    const seen = async () => {
      const rows = await db.knex()('seen').orderBy('id').select('who', 'limits')
      return rows.map(({ who, limits }) => `${who}: ${limits}`)
    }
    const asksIn = (who: string, expression: string): string =>
      `await knex.raw(${JSON.stringify(`insert into seen (who, limits) select '${who}', ${expression}`)})`

    beforeEach(async () => {
      await db.empty()
      await db.knex().schema.createTable('seen', (table) => {
        table.increments('id')
        table.string('who')
        table.string('limits')
      })
    })

    /** Writes down what holds in each of three revisions, and when their version rows are written. */
    async function revisions() {
      const expression = await asks()
      const insert = `insert into seen (who, limits) select 'rows', ${expression}`
      const body =
        db.dialect === 'postgresql'
          ? `create function sees() returns trigger language plpgsql as $$ begin ${insert}; return null; end $$;
             create trigger sees after update on rev_version for each row execute function sees()`
          : `create trigger sees after update on rev_version for each row ${insert}`
      const config = (text: string) => ({ extra: `export const config = ${text}` })
      return [
        { revision: 'aaa', upgrade: `await knex.raw(\`${body}\`)`, downgrade: '' },
        { revision: 'bbb', down: 'aaa', upgrade: asksIn('bbb', expression), ...config(LIMITS) },
        { revision: 'ccc', down: 'bbb', upgrade: asksIn('ccc', expression), ...config(LONE) },
        { revision: 'ddd', down: 'ccc', upgrade: asksIn('ddd', expression) },
      ]
    }

    test.each([true, false])(
      "are the revision's, else the run's; rev's own statements have no end (guard: %s)",
      async (guard) => {
        const rev = openRev(db, await revisions(), {
          config: { ...db.knexConfig(), rev: { tableLockTimeout: '7s', statementTimeout: '1m' } },
        })

        await runScript(db, await scriptOf(rev, { allowNonEmpty: true, guard, tableLockTimeout: '6s' }))

        const by = (lock: number, ms: number): string =>
          db.dialect === 'postgresql'
            ? `${lock}s ${ms === 0 ? 0 : ms === 60_000 ? '1min' : `${ms / 1000}s`}`
            : `${lock} ${lock} ${ms}`
        expect(await seen()).toEqual([
          `bbb: ${by(9, 8_000)}`,
          `rows: ${by(9, 0)}`,
          `ccc: ${by(9, 8_000)}`,
          `rows: ${by(9, 0)}`,
          `ddd: ${by(6, 60_000)}`,
          `rows: ${by(6, 0)}`,
        ])
        expect(await rowsOf(db)).toEqual(['ddd'])
      },
    )
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'an index that is made concurrently, in a script',
  (db) => {
    test('waits as long as it takes, unless its revision says otherwise', async () => {
      const index = (name: string) => `await knex.raw('create index concurrently ${name} on aaa (id)')`
      const rev = openRev(db, [
        creates('aaa', null),
        { revision: 'bbb', down: 'aaa', upgrade: index('one'), extra: 'export const transaction = false' },
        { revision: 'ccc', down: 'bbb', upgrade: index('two'), extra: `export const config = ${LONE}` },
      ])

      const script = await scriptOf(rev, { tableLockTimeout: '7s', statementTimeout: '1m' })

      const limit = (lock: string, statement: string): string =>
        `SET lock_timeout = ${lock};\nSET statement_timeout = ${statement};\n`
      expect(script).toContain(
        `${limit('0', '0')}create index concurrently one on aaa (id);\n${limit("'7s'", "'60s'")}`,
      )
      expect(script).toContain(`${limit("'9s'", "'8s'")}\ncreate index concurrently two on aaa (id);\n`)
      await runScript(db, script)
      expect(await rowsOf(db)).toEqual(['ccc'])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'the limits in a script',
  (db) => {
    beforeEach(() => db.empty())

    test("are how long the client waits for the file: the revision's, else the run's", async () => {
      const rev = openRev(db, [
        creates('aaa', null),
        creates('bbb', 'aaa', { extra: `export const config = { tableLockTimeout: '9s' }` }),
        creates('ccc', 'bbb'),
      ])

      const script = await scriptOf(rev, { tableLockTimeout: '7s' })

      const steps = script.split(/^-- =====.*$/m).map((part) => part.match(/^\.timeout \d+$/gm) ?? [])
      expect(steps).toEqual([['.timeout 7000'], [], ['.timeout 9000', '.timeout 7000'], []])
      await runScript(db, script)
      expect(await rowsOf(db)).toEqual(['ccc'])
    })

    test('cannot hold for how long a statement takes', async () => {
      const rev = openRev(db, [creates('aaa', null)])

      expect(await errorOf(scriptOf(rev, { statementTimeout: '1s' }))).toMatchObject({
        code: 'REV_DATABASE_STATEMENT_TIMEOUT',
        details: { revisions: ['aaa'] },
      })
    })
  },
  { only: ['sqlite'] },
)
