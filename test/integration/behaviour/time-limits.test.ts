import createKnex from 'knex'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { CreateRevOptions, Rev, RevError } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import type { RevisionText } from '../../support/temp-project.ts'
import { alters, type HeldTable, holdTable } from './held-table.ts'

// What a session waits, as the revision itself sees it: milliseconds.
const ASKS: Readonly<Record<TestDatabase['dialect'], string>> = {
  postgresql: `
    const { rows } = await knex.raw("select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout') order by name")
    context.log(rows.map((row) => row.setting).join(' '))`,
  mysql: `
    const [[row]] = await knex.raw('select @@session.lock_wait_timeout as a, @@session.innodb_lock_wait_timeout as b')
    context.log(row.a === row.b ? String(row.a * 1000) : row.a + ' and ' + row.b)`,
  sqlite: `
    const [row] = await knex.raw('PRAGMA busy_timeout')
    context.log(String(row.timeout))`,
}

interface Asked {
  readonly settings?: object
  readonly config?: string
  readonly run?: object
}

/** The limits that hold within a revision. */
async function limitsIn(db: TestDatabase, { settings, config, run }: Asked, more: Partial<RevisionText> = {}) {
  const heard = recordingReporter()
  const extra = config === undefined ? {} : { extra: `export const config = ${config}` }
  const rev = openRev(db, [{ revision: 'asks', upgrade: ASKS[db.dialect], ...extra, ...more }], {
    config: { ...db.knexConfig(), rev: { ...settings } },
    reporter: heard.report,
  })
  await rev.upgrade({ ...run })
  return heard.of('log').map(({ text }) => text)[0]
}

describeEachDialect('how long a statement waits for a lock', (db) => {
  const isPostgres = db.dialect === 'postgresql'
  const shown = (ms: number): string => (isPostgres ? `${ms} 0` : String(ms))

  beforeEach(() => db.empty())

  test('is 5 s, or what the settings say, or the run, or the revision, each above the one before', async () => {
    expect(await limitsIn(db, {})).toBe(shown(5_000))
    await db.empty()
    expect(await limitsIn(db, { settings: { tableLockTimeout: '7s' } })).toBe(shown(7_000))
    await db.empty()
    expect(await limitsIn(db, { settings: { tableLockTimeout: '7s' }, run: { tableLockTimeout: '8s' } })).toBe(
      shown(8_000),
    )
    await db.empty()
    const all = { settings: { tableLockTimeout: '7s' }, run: { tableLockTimeout: '8s' } }
    expect(await limitsIn(db, { ...all, config: `{ tableLockTimeout: '9s' }` })).toBe(shown(9_000))
  })

  test('is the same without a transaction', async () => {
    const config = '{ transaction: false, tableLockTimeout: 9000 }'

    expect(await limitsIn(db, { config })).toBe(shown(9_000))
  })

  test('is as long as it takes when 0 is asked for', async () => {
    const forEver = { postgresql: shown(0), mysql: String(31_536_000_000), sqlite: String(2 ** 31 - 1) }

    expect(await limitsIn(db, { config: '{ tableLockTimeout: 0 }' })).toBe(forEver[db.dialect])
  })

  test('is what the connection itself sets, as long as nobody says anything else', async () => {
    const sql = {
      postgresql: "set lock_timeout = '11s'",
      mysql: 'set session lock_wait_timeout = 11, session innodb_lock_wait_timeout = 11',
      sqlite: 'pragma busy_timeout = 11000',
    }[db.dialect]
    const afterCreate = (connection: unknown, done: (error?: unknown) => void): void => {
      if (db.dialect === 'sqlite') {
        ;(connection as { pragma(sql: string): void }).pragma('busy_timeout = 11000')
        done()
        return
      }
      ;(connection as { query(sql: string, done: (error?: unknown) => void): void }).query(sql, done)
    }
    const config = { ...db.knexConfig(), pool: { afterCreate } }
    const heard = recordingReporter()
    const openIn = (rev: object, revision: string, down: string | null): Rev =>
      openRev(
        db,
        [
          { revision: 'asks', down: null, upgrade: ASKS[db.dialect] },
          ...(down === null ? [] : [{ revision, down, upgrade: ASKS[db.dialect] }]),
        ],
        { config: { ...config, rev }, reporter: heard.report },
      )

    await openIn({}, 'asks', null).upgrade()
    await openIn({ tableLockTimeout: '3s' }, 'again', 'asks').upgrade()

    expect(heard.of('log').map(({ text }) => text)).toEqual([shown(11_000), shown(3_000)])
  })

  test('is as before for whoever uses the connection afterwards', async () => {
    const knex = createKnex({ ...db.knexConfig(), pool: { min: 1, max: 1 } })
    onTestFinished(() => knex.destroy())
    const now = async (): Promise<unknown> => {
      if (isPostgres) {
        const { rows } = await knex.raw(
          "select current_setting('lock_timeout') || current_setting('statement_timeout') as now",
        )
        return rows[0].now
      }
      if (db.dialect === 'sqlite') return (await knex.raw('pragma busy_timeout'))[0].timeout
      const [[row]] = await knex.raw('select @@session.lock_wait_timeout as a, @@session.innodb_lock_wait_timeout as b')
      return `${row.a} ${row.b}`
    }
    const before = await now()
    const extra = `export const config = { tableLockTimeout: '9s' }`
    const revisions = [
      creates('aaa', null, { extra }),
      creates('bbb', 'aaa', { extra: `export const config = { transaction: false, tableLockTimeout: '9s' }` }),
      creates('ccc', 'bbb', { extra, upgrade: `throw new Error('no')` }),
    ]
    const rev = openRev(db, revisions, { knex, settings: { tableLockTimeout: '8s' } })

    expect((await errorOf(rev.upgrade())).code).toBe('REV_STEP_FAILED')

    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(await now()).toBe(before)
  })

  test('ends the wait of a step with an error that names the limit and who holds the lock', async () => {
    await openRev(db, [creates('aaa', null)]).upgrade()
    const heard = recordingReporter()
    const revisions = [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: alters('aaa') }]
    const { reporter } = await holdTable(db, 'aaa', { reporter: heard.report })
    const rev = openRev(db, revisions, { reporter })

    const error = await errorOf(rev.upgrade({ tableLockTimeout: 300 }))

    expect(error).toMatchObject({
      code: 'REV_STEP_FAILED',
      details: {
        limit: { name: 'tableLockTimeout', ms: 300, source: 'option' },
        rolledBack: true,
        committedStatements: 0,
      },
    })
    expect(error.hint).toMatch(/^the time limit tableLockTimeout of 300 ms \(as this run was told\) ended the wait/)
    if (db.dialect !== 'sqlite') {
      expect(error.details).toMatchObject({ blockers: [expect.stringMatching(/^connection \d+, user /)] })
    }
    expect(await rowsOf(db)).toEqual(['aaa'])
  })
})

describeEachDialect('a statement that got no lock', (db) => {
  beforeEach(() => db.empty())

  const alone: RevisionText = {
    revision: 'bbb',
    down: 'aaa',
    upgrade: alters('aaa'),
    extra: 'export const config = { transaction: false, tableLockTimeout: 300 }',
  }

  /** A run of `bbb` on a table that is held, with what is to be done when a statement is to be sent again. */
  async function runHeld(upgrade: Partial<RevisionText>, options: CreateRevOptions, onRetry = async () => {}) {
    await openRev(db, [creates('aaa', null)]).upgrade()
    const heard = recordingReporter()
    const done: Promise<void>[] = []
    const held: HeldTable = await holdTable(db, 'aaa', {
      reporter(event) {
        heard.report(event)
        if (event.type === 'retry') done.push(onRetry())
      },
    })
    const rev = openRev(db, [creates('aaa', null), { ...alone, ...upgrade }], { reporter: held.reporter, ...options })
    return { rev, heard, held, done }
  }

  test('is sent again when it commits by itself, and done once', async () => {
    let letGo = async (): Promise<void> => {}
    const { rev, heard, held, done } = await runHeld({}, {}, () => letGo())
    letGo = held.release

    const { steps } = await rev.upgrade()
    await Promise.all(done)

    const [first, ...others] = heard.of('retry')
    expect(others).toEqual([])
    expect(first).toMatchObject({ what: 'statement', revision: 'bbb', attempt: 1, attempts: 4 })
    expect(first?.sql).toBe('alter table aaa add column more integer')
    expect(first?.blockers.length).toBe(db.dialect === 'sqlite' ? 0 : 1)
    expect(heard.of('statement').map(({ error }) => error)).toEqual([undefined])
    expect(steps).toMatchObject([{ revision: 'bbb', statements: 1 }])
    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(await db.knex().schema.hasColumn('aaa', 'more')).toBe(true)
  })

  test('is sent four times at most, and the error says so', async () => {
    const { rev, heard, held } = await runHeld({}, {})

    const error = await errorOf(rev.upgrade())
    await held.release()

    expect(heard.of('retry').map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { attempts: 4, limit: { source: 'revision' } } })
    expect(error.message).toContain('after 4 attempts')
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('is not sent again once the run was told to stop', async () => {
    const stop = new AbortController()
    const { rev, heard, held } = await runHeld({}, { signal: stop.signal }, async () => stop.abort())

    const error = await errorOf(rev.upgrade())
    await held.release()

    expect(error.code).toBe('REV_INTERRUPTED')
    expect(heard.of('retry')).toHaveLength(1)
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('is sent once only within a transaction that holds more', async () => {
    const upgrade = `
      await knex.transaction(async (trx) => {
        await trx.raw('create table other (id integer)')
        await trx.raw('alter table aaa add column more integer')
      })`
    const { rev, heard, held } = await runHeld({ upgrade }, {})

    const error = await errorOf(rev.upgrade())
    await held.release()

    // SQLite takes its lock with BEGIN, before there is anything in the transaction.
    const expected = db.dialect === 'sqlite' ? ['BEGIN IMMEDIATE;', 'BEGIN IMMEDIATE;', 'BEGIN IMMEDIATE;'] : []
    expect(heard.of('retry').map(({ sql }) => sql)).toEqual(expected)
    // The first of the two is there for good on MySQL.
    expect(error.code).toBe(db.dialect === 'mysql' ? 'REV_STEP_ROLLBACK_LOST' : 'REV_STEP_FAILED')
  })
})

describeEachDialect(
  'a statement that got no lock on a server',
  (db) => {
    beforeEach(() => db.empty())

    const config = 'export const config = { transaction: false, tableLockTimeout: 300 }'
    const attempts = async (upgrade: string, expected: readonly number[], extra = config): Promise<RevError> => {
      await openRev(db, [creates('aaa', null)]).upgrade()
      await db.knex()('aaa').insert({ id: 1 })
      const heard = recordingReporter()
      await holdTable(db, 'aaa', { holding: 'rows' })
      const several = db.dialect === 'mysql' ? { multipleStatements: true } : {}
      const { connection, ...rest } = db.knexConfig()
      const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade, extra }], {
        config: { ...rest, connection: { ...(connection as object), ...several } },
        reporter: heard.report,
      })
      const error = await errorOf(rev.upgrade())
      expect(heard.of('retry').map(({ attempt }) => attempt)).toEqual(expected)
      if (expected.length === 0) expect(error.details).not.toHaveProperty('attempts')
      return error
    }
    const once = (upgrade: string, extra = config): Promise<RevError> => attempts(upgrade, [], extra)

    test('is sent once only in a text with others, unless that is sent one by one', async () => {
      const expected = db.dialect === 'mysql' ? [1, 2, 3] : []
      const error = await attempts(`await knex.raw('alter table aaa add column more integer; select 1')`, expected)

      expect(error.code).toBe('REV_STEP_FAILED')
    })

    test('is sent again beside another one, which does not overtake it', async () => {
      const both = `
        await Promise.all([knex.raw('alter table aaa add column more integer'), knex('aaa').select()])`
      const error = await attempts(both, [1, 2, 3])

      expect(error.code).toBe('REV_STEP_FAILED')
    })

    test('is sent once only in a transaction that the revision has begun by hand', async () => {
      const error = await once(`
        await knex.raw('begin')
        await knex.raw('update aaa set id = 2 where id = 1')`)

      expect(error.code).toBe('REV_STEP_FAILED')
    })
  },
  { only: ['postgresql', 'mysql'] },
)
