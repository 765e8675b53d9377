import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { run } from '../../../src/database/run.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { repository, start } from '../../support/run-cli.ts'
import { open } from './open.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

type EventRow = Readonly<Record<string, unknown>>

const eventsOf = async (db: TestDatabase, table = 'rev_event'): Promise<EventRow[]> =>
  db.knex()(table).orderBy(['started_at', 'seq'])

/** A moment as the database wrote it, in milliseconds since 1970. */
const momentOf = (value: unknown): number =>
  value instanceof Date ? value.getTime() : Date.parse(String(value).replace(/Z?$/, 'Z'))

describeEachDialect('the event log', (db) => {
  afterEach(() => db.empty())

  test('says who did what, where, and how long it took', async () => {
    const scripts = scriptsOf(threeTables().slice(0, 1))

    await open(db, (database) =>
      run(database, upgradeTo(scripts, 'heads', { facts: { gitCommit: 'abc123', reason: "it's time" } })),
    )

    const [started, done, ended] = await eventsOf(db)
    expect(started).toMatchObject({ what: 'upgrade', revision: null, outcome: 'started', finished_at: null })
    expect(done).toMatchObject({
      revision: 'a',
      outcome: 'done',
      rows_before: '',
      rows_after: 'a',
      checksum: 'sha256:a',
      statements: 1,
      host: hostname(),
      process_id: process.pid,
      git_commit: 'abc123',
      reason: "it's time",
      tool_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      milliseconds: expect.any(Number),
      error: null,
    })
    expect(ended).toMatchObject({ revision: null, outcome: 'done', rows_after: 'a' })
    expect(new Set([started, done, ended].map((event) => event?.run_id)).size).toBe(1)
  })

  test('keeps time in UTC by the clock of the database', async () => {
    // The database's own clock, as text without a zone, read in the session that the test happens to have.
    const clock = {
      sqlite: `select strftime('%Y-%m-%dT%H:%M:%f', 'now') as now`,
      postgresql: `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as now`,
      mysql: `select date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%f') as now`,
    }[db.dialect]
    const shown = {
      sqlite: 'select started_at as at from rev_event',
      postgresql: `select to_char(started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as at from rev_event`,
      mysql: `select date_format(started_at, '%Y-%m-%dT%H:%i:%s.%f') as at from rev_event`,
    }[db.dialect]
    const ask = async (sql: string): Promise<EventRow[]> =>
      open(db, async ({ connection }) => [...(await connection.query(sql)).rows])
    const [before] = await ask(clock)

    await open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables().slice(0, 1)))))

    const [after] = await ask(clock)
    for (const { at } of await ask(shown)) {
      expect(momentOf(at)).toBeGreaterThanOrEqual(momentOf(before?.now) - 1)
      expect(momentOf(at)).toBeLessThanOrEqual(momentOf(after?.now) + 1)
    }
  })

  test('names the failed statement by its number, and holds no value and no password', async () => {
    const scripts = scriptsOf([
      {
        revision: 'a',
        upgrade: async (knex) => {
          await knex.schema.createTable('people', (table) => table.integer('id').primary())
          await knex('people').insert({ id: 4711 })
          await knex('people').insert({ id: 4711 })
        },
      },
    ])

    await expect(open(db, (database) => run(database, upgradeTo(scripts)))).rejects.toMatchObject({
      code: 'REV_STEP_FAILED',
      hint: expect.stringContaining('twice'),
    })

    const failed = (await eventsOf(db)).find(({ revision }) => revision === 'a')
    expect(failed).toMatchObject({ outcome: 'failed', failed_statement: 3, error: expect.any(String) })
    expect(String(failed?.error)).not.toContain('insert')
  })

  test('takes its name from the version table', async () => {
    const scripts = scriptsOf(threeTables().slice(0, 1))

    await open(db, (database) => run(database, upgradeTo(scripts)), { rev: { versionTable: 'alembic_version' } })

    const journal = db.dialect === 'mysql' ? ['alembic_version_step'] : []
    expect(await db.tables()).toEqual([
      'alembic_version',
      'alembic_version_event',
      'alembic_version_meta',
      ...journal,
      'table_a',
    ])
  })

  test('loses history only when it is dropped', async () => {
    const scripts = scriptsOf(threeTables())
    await open(db, (database) => run(database, upgradeTo(scripts, 'a')))
    await db.knex().schema.dropTable('rev_event')

    const result = await open(db, (database) => run(database, upgradeTo(scripts)))

    expect(result.rows).toEqual(['c'])
    expect(await eventsOf(db)).toHaveLength(4)
  })

  test('a killed process leaves a run that the next one marks as interrupted', async () => {
    const script = fileURLToPath(new URL('hang-process.ts', import.meta.url))
    const args = ['--import', 'jiti/register', script, JSON.stringify(db.knexConfig())]
    const hanging = start(process.execPath, args, { cwd: repository })
    onTestFinished(() => {
      hanging.process.kill('SIGKILL')
    })
    await hanging.saw(/hanging/)
    hanging.process.kill('SIGKILL')
    await hanging.done

    const result = await open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))))

    expect(result).toMatchObject({ before: ['a'], rows: ['c'] })
    const interrupted = (await eventsOf(db)).filter(({ outcome }) => outcome === 'interrupted')
    expect(interrupted).toMatchObject([{ revision: null, rows_before: '', rows_after: 'a' }])
  })
})

// mysql2 complains about a setting that it does not know, and its own password would have to be right.
describeEachDialect(
  'the event log',
  (db) => {
    test('and the report show no password that a revision speaks of', async () => {
      const recorded = recordingReporter()
      const { connection, ...config } = db.knexConfig()
      const knexConfig = { ...config, connection: { ...Object(connection), token: 'hunter2' } }
      const scripts = scriptsOf([
        {
          revision: 'a',
          upgrade: async (knex, { log }) => {
            log('connecting to postgres://me:hunter2@db/shop')
            await knex.raw("select 'hunter2'")
            throw new Error('cannot reach it with hunter2')
          },
        },
      ])

      const error = await open(db, (database) => run(database, upgradeTo(scripts)), { knexConfig, recorded }).catch(
        (failure: unknown) => failure,
      )

      expect(error).toMatchObject({ code: 'REV_STEP_FAILED' })
      expect(inspect([error, recorded.events, await eventsOf(db)], { depth: 9, showHidden: true })).not.toContain(
        'hunter2',
      )
    })
  },
  { only: ['sqlite', 'postgresql'] },
)
