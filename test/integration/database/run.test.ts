import { fileURLToPath } from 'node:url'
import createKnex from 'knex'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type RunOptions, type RunResult, run } from '../../../src/database/run.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { repository, start } from '../../support/run-cli.ts'
import { type OpenOptions, open } from './open.ts'
import { downgradeTo, stampTo, upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

const runOn = (db: TestDatabase, options: RunOptions, opening: OpenOptions = {}): Promise<RunResult> =>
  open(db, (database) => run(database, options), opening)

const rowsOf = async (db: TestDatabase): Promise<string[]> =>
  (await db.knex()('rev_version').select('version_num')).map((row: { version_num: string }) => row.version_num)

const outcomes = async (db: TestDatabase): Promise<string[]> =>
  (await db.knex()('rev_event').orderBy(['started_at', 'seq'])).map(
    (row: { what: string; revision: string | null; outcome: string }) =>
      `${row.what} ${row.revision ?? 'run'} ${row.outcome}`,
  )

describeEachDialect('a run', (db) => {
  afterEach(() => db.empty())
  const journal = db.dialect === 'mysql' ? ['rev_step'] : []

  test('goes up and down again, with rows, tables and events in step', async () => {
    const scripts = scriptsOf(threeTables())

    const up = await runOn(db, upgradeTo(scripts))

    expect(up).toMatchObject({
      before: [],
      rows: ['c'],
      steps: [{ revision: 'a' }, { revision: 'b' }, { revision: 'c' }],
    })
    expect(await db.tables()).toEqual([
      'rev_event',
      'rev_meta',
      ...journal,
      'rev_version',
      'table_a',
      'table_b',
      'table_c',
    ])
    const down = await runOn(db, downgradeTo(scripts))
    expect(down).toMatchObject({
      before: ['c'],
      rows: [],
      steps: [{ revision: 'c' }, { revision: 'b' }, { revision: 'a' }],
    })
    expect(await db.tables()).toEqual(['rev_event', 'rev_meta', ...journal, 'rev_version'])
    expect(await outcomes(db)).toEqual([
      'upgrade run started',
      'upgrade a done',
      'upgrade b done',
      'upgrade c done',
      'upgrade run done',
      'downgrade run started',
      'downgrade c done',
      'downgrade b done',
      'downgrade a done',
      'downgrade run done',
    ])
  })

  test('with nothing pending takes no lock and creates nothing', async () => {
    const recorded = recordingReporter()

    const result = await runOn(db, upgradeTo(scriptsOf([])), { recorded })

    expect(result).toMatchObject({ before: [], rows: [], steps: [] })
    expect(recorded.of('lock:taken')).toEqual([])
    expect(await db.tables()).toEqual([])
  })

  test('reports what happens, in order', async () => {
    const recorded = recordingReporter()

    await runOn(db, upgradeTo(scriptsOf(threeTables().slice(0, 1))), { recorded })

    expect(recorded.events.map(({ type }) => type)).toEqual([
      'lock:taken',
      'run:start',
      'step:start',
      'statement',
      'step:done',
      'run:done',
    ])
    expect(recorded.of('step:done')[0]).toMatchObject({ revision: 'a', index: 1, total: 1, statements: 1, rows: ['a'] })
  })

  test('stops at the step that fails, and keeps what was done before it', async () => {
    const [a, b, c] = threeTables()
    if (!a || !b || !c) throw new Error('three')
    const scripts = scriptsOf([a, { ...b, upgrade: (knex) => knex('not_there').insert({ secret: 'hunter2' }) }, c])

    const failing = runOn(db, upgradeTo(scripts))

    await expect(failing).rejects.toMatchObject({
      code: 'REV_STEP_FAILED',
      details: { revision: 'b', direction: 'upgrade', done: ['a'], failed: 'b', notRun: ['c'], rolledBack: true },
      hint: expect.any(String),
    })
    expect(await rowsOf(db)).toEqual(['a'])
    expect(await outcomes(db)).toEqual([
      'upgrade run started',
      'upgrade a done',
      'upgrade b failed',
      'upgrade run failed',
    ])
    const [failed] = await db.knex()('rev_event').where({ revision: 'b' })
    expect(failed.error).toContain('not_there')
    expect(failed.error).not.toContain('hunter2')
  })

  test('loads every module before the first step', async () => {
    const [a, b] = threeTables()
    if (!a || !b) throw new Error('two')
    const broken = () => {
      throw new Error('cannot be loaded')
    }

    const failing = runOn(db, upgradeTo(scriptsOf([a, { ...b, onLoad: broken }])))

    await expect(failing).rejects.toThrow('cannot be loaded')
    expect(await db.tables()).toEqual([])
  })

  test('refuses a way back that does not exist before anything is reverted', async () => {
    const [a, b, c] = threeTables()
    if (!a || !b || !c) throw new Error('three')
    const scripts = scriptsOf([{ ...a, downgrade: false }, { ...b, downgrade: false }, c])
    await runOn(db, upgradeTo(scripts))

    const failing = runOn(db, downgradeTo(scripts))

    await expect(failing).rejects.toMatchObject({
      code: 'REV_IRREVERSIBLE',
      details: {
        revisions: [
          { revision: 'b', reason: 'the data is gone' },
          { revision: 'a', reason: 'the data is gone' },
        ],
      },
    })
    expect(await rowsOf(db)).toEqual(['c'])
  })

  test('refuses a row that no file knows, and names the ways out', async () => {
    await runOn(db, upgradeTo(scriptsOf(threeTables())))
    const older = scriptsOf(threeTables().slice(0, 2))

    for (const options of [upgradeTo(older), downgradeTo(older)]) {
      await expect(runOn(db, options)).rejects.toMatchObject({
        code: 'REV_DATABASE_UNKNOWN_ROW',
        details: { rows: ['c'], directories: ['/somewhere/versions'], table: expect.stringContaining('rev_version') },
      })
    }
    const purged = await runOn(db, stampTo(older, ['b'], { purge: true }))
    expect(purged.rows).toEqual(['b'])
    expect(await rowsOf(db)).toEqual(['b'])
  })

  test('stamps without running anything', async () => {
    const scripts = scriptsOf(threeTables())

    const result = await runOn(db, stampTo(scripts, ['b']))

    expect(result.rows).toEqual(['b'])
    expect(await db.tables()).toEqual(['rev_event', 'rev_meta', 'rev_version'])
    expect(await runOn(db, stampTo(scripts, ['base'], { purge: true }))).toMatchObject({ rows: [] })
    expect(await rowsOf(db)).toEqual([])
  })

  test('refuses the first upgrade of a database that holds other tables', async () => {
    await db.knex().schema.createTable('of_old', (table) => table.integer('id'))
    const scripts = scriptsOf(threeTables())

    await expect(runOn(db, upgradeTo(scripts))).rejects.toMatchObject({
      code: 'REV_DATABASE_NOT_EMPTY',
      details: { tables: ['of_old'], count: 1 },
    })

    expect(await db.tables()).toEqual(['of_old'])
    const allowed = await runOn(db, upgradeTo(scripts, 'heads', { allowNonEmpty: true }))
    expect(allowed.rows).toEqual(['c'])
    await runOn(db, downgradeTo(scripts))
    expect(await runOn(db, upgradeTo(scripts))).toMatchObject({ rows: ['c'] })
  })

  test('marks a run that was cut off as interrupted', async () => {
    const scripts = scriptsOf(threeTables())
    await runOn(db, upgradeTo(scripts, 'a'))
    await db.knex()('rev_event').whereNull('revision').where({ outcome: 'done' }).delete()

    await runOn(db, upgradeTo(scripts, 'b'))

    const [cutOff] = await db.knex()('rev_event').where({ outcome: 'interrupted' })
    expect(cutOff).toMatchObject({ what: 'upgrade', revision: null, rows_after: 'a' })
  })

  test('stops between two steps when it is told to', async () => {
    const controller = new AbortController()
    const [a, b] = threeTables()
    if (!a || !b) throw new Error('two')
    const stopping = scriptsOf([
      a,
      {
        ...b,
        onLoad: () => {},
        upgrade: () => {
          throw new Error('never reached')
        },
      },
    ])
    const recorded = recordingReporter()
    const report = (event: Parameters<typeof recorded.report>[0]) => {
      recorded.report(event)
      if (event.type === 'step:done') controller.abort('SIGTERM')
    }

    const stopped = runOn(db, upgradeTo(stopping), { recorded: { ...recorded, report }, signal: controller.signal })

    await expect(stopped).rejects.toMatchObject({ code: 'REV_TERMINATED', exit: 143 })
    expect(await rowsOf(db)).toEqual(['a'])
    expect((await outcomes(db)).at(-1)).toBe('upgrade run interrupted')
  })

  test('of five processes at once applies everything once', async () => {
    const script = fileURLToPath(new URL('upgrade-process.ts', import.meta.url))
    const args = ['--import', 'jiti/register', script, JSON.stringify(db.knexConfig())]
    const processes = Array.from({ length: 5 }, () => start(process.execPath, args, { cwd: repository }))
    onTestFinished(() => {
      for (const one of processes) one.process.kill('SIGKILL')
    })

    const results = await Promise.all(processes.map(({ done }) => done))

    expect(results.map(({ stderr }) => stderr)).toEqual(results.map(() => ''))
    const steps = results.map(({ stdout }) => Number(stdout.trim()))
    expect(steps.sort()).toEqual([0, 0, 0, 0, 3])
    expect(await rowsOf(db)).toEqual(['c'])
  })

  test('runs on an instance of the caller with one connection, and leaves it open', async () => {
    const knex = createKnex({ ...db.knexConfig(), pool: { min: 0, max: 1 }, acquireConnectionTimeout: 5_000 })
    onTestFinished(() => knex.destroy())

    const result = await runOn(db, upgradeTo(scriptsOf(threeTables())), { knex })

    expect(result.rows).toEqual(['c'])
    expect(await knex('table_c').select()).toEqual([])
  })

  test('tells a revision what it was called with', async () => {
    const heard: unknown[] = []
    const recorded = recordingReporter()
    const scripts = scriptsOf([
      {
        revision: 'a',
        upgrade: (_knex, { x, tag, direction, dialect, offline, log }) => {
          log('hello')
          heard.push({ x, tag, direction, dialect, offline })
        },
      },
    ])

    await runOn(db, upgradeTo(scripts, 'heads', { x: { region: 'eu' }, tag: 'v1' }), { recorded })

    expect(heard).toEqual([
      { x: { region: 'eu' }, tag: 'v1', direction: 'upgrade', dialect: db.dialect, offline: false },
    ])
    expect(recorded.of('log')).toEqual([{ type: 'log', revision: 'a', text: 'hello' }])
  })
})

describeEachDialect(
  'a run in one transaction',
  (db) => {
    afterEach(() => db.empty())

    test('leaves nothing when a later step fails', async () => {
      const [a, b, c] = threeTables()
      if (!a || !b || !c) throw new Error('three')
      const scripts = scriptsOf([a, b, { ...c, upgrade: () => Promise.reject(new Error('no')) }])

      const failing = runOn(db, upgradeTo(scripts, 'heads', { singleTransaction: true }))

      await expect(failing).rejects.toMatchObject({
        code: 'REV_STEP_FAILED',
        details: { done: [], notRun: ['a', 'b'] },
      })
      expect(await db.tables()).toEqual(['rev_event', 'rev_meta', 'rev_version'])
      expect(await rowsOf(db)).toEqual([])
    })

    test('does all of it when all goes well', async () => {
      const result = await runOn(db, upgradeTo(scriptsOf(threeTables()), 'heads', { singleTransaction: true }))

      expect(result.rows).toEqual(['c'])
      expect(await db.tables()).toEqual(['rev_event', 'rev_meta', 'rev_version', 'table_a', 'table_b', 'table_c'])
    })

    test('is refused when a revision opts out', async () => {
      const scripts = scriptsOf([{ revision: 'a', transaction: false }])

      const failing = runOn(db, upgradeTo(scripts, 'heads', { singleTransaction: true }))

      await expect(failing).rejects.toMatchObject({
        code: 'REV_DATABASE_SINGLE_TRANSACTION',
        details: { revisions: ['a'] },
      })
      expect(await db.tables()).toEqual([])
    })

    test('goes with the transaction of the caller', async () => {
      const knex = createKnex(db.knexConfig())
      onTestFinished(() => knex.destroy())

      const transaction = knex.transaction(async (trx) => {
        const { rows } = await runOn(db, upgradeTo(scriptsOf(threeTables())), { knex: trx })
        expect(rows).toEqual(['c'])
        expect(await trx('table_c').select()).toEqual([])
        throw new Error('rolled back by the caller')
      })

      await expect(transaction).rejects.toThrow('rolled back by the caller')
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['postgresql', 'sqlite'] },
)

describeEachDialect(
  'settings of the session',
  (db) => {
    afterEach(() => db.empty())

    test('of one revision do not reach the next', async () => {
      const seen: unknown[] = []
      const [set, read] =
        db.dialect === 'postgresql'
          ? [
              `set search_path to pg_catalog; set statement_timeout = 12345; set role pg_monitor`,
              `select current_setting('search_path') as a, current_setting('role') as b, current_setting('statement_timeout') as c`,
            ]
          : [
              `set session foreign_key_checks = 0, sql_mode = 'ANSI_QUOTES'`,
              'select @@foreign_key_checks as a, @@sql_mode as b, database() as c',
            ]
      const look = async (query: { raw(sql: string): Promise<unknown> }): Promise<void> => {
        const answer = (await query.raw(read)) as { rows?: unknown[] } & unknown[][]
        seen.push((answer.rows ?? answer[0] ?? [])[0])
      }
      const scripts = scriptsOf([
        { revision: 'a', upgrade: (knex) => look(knex) },
        {
          revision: 'b',
          down: 'a',
          upgrade: async (knex) => {
            await knex.raw(set)
            await look(knex)
          },
        },
        { revision: 'c', down: 'b', upgrade: (knex) => look(knex) },
      ])

      await runOn(db, upgradeTo(scripts))

      expect(seen[2]).toEqual(seen[0])
      expect(seen[1]).not.toEqual(seen[0])
    })
  },
  { only: ['postgresql', 'mysql'] },
)
