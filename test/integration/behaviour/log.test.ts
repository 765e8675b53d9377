import type { Knex } from 'knex'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type EventLog, openEventLog } from '../../../src/database/event-log.ts'
import { takeLock } from '../../../src/database/lock/take-lock.ts'
import { readEvents } from '../../../src/database/read-events.ts'
import type { LogResult, LogRun, Rev } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { open } from '../database/open.ts'
import { openUntilEnd } from '../database/open-until-end.ts'

const CUT_OFF = '11111111-1111-4111-8111-111111111111'
// What a shell, a client, a server or a terminal could take for something else.
const STRANGE_REASON = `it's "50%" \\ done; -- :x $1 ? \u001b[2J\n.quit\n\\! id\nDELIMITER //\n/* \u{1f980} */ $$`

const revisions = [
  creates('aaaa1111', null, { labels: 'shop', message: 'first' }),
  creates('aaaa2222', 'aaaa1111', { message: 'second' }),
]

const idsOf = ({ runs }: LogResult): string[][] => runs.map(({ events }) => events.map(({ revision }) => revision))

/** Says of all rows of the runs, oldest first, when they were written. */
async function setMoments(db: TestDatabase, rev: Rev, moments: readonly string[]): Promise<void> {
  const runs = (await rev.log({ limit: 0 })).runs.toReversed()
  for (const [index, { runId }] of runs.entries()) {
    const moment = moments[index] ?? ''
    const text = db.dialect === 'mysql' ? moment.replace('T', ' ').replace('Z', '') : moment
    await db.knex().raw('update rev_event set started_at = ?, finished_at = ? where run_id = ?', [text, text, runId])
  }
}

/** Writes, and does, what a run does that is killed before its first step. */
async function beginRun(db: TestDatabase): Promise<EventLog> {
  return open(db, async (database) => {
    const log = await openEventLog(database, CUT_OFF, {})
    await log.write({ what: 'upgrade', outcome: 'started', rowsBefore: [], rowsAfter: [] })
    return log
  })
}

describeEachDialect('the log', (db) => {
  beforeEach(() => db.empty())

  test('of a database that rev never touched is empty, and nothing is made to read it', async () => {
    const rev = openRev(db, revisions)

    expect(await rev.log()).toMatchObject({ command: 'log', exists: false, runs: [], more: false, lock: undefined })
    expect(await rev.log({ since: '2026-08-01', run: 'ab', limit: 0 })).toMatchObject({ exists: false, runs: [] })
    expect(await db.tables()).toEqual([])
  })

  test('has the newest run first, each with its revisions, its reason and who it was', async () => {
    const rev = openRev(db, revisions)
    const up = await rev.upgrade({ target: 'heads', reason: 'ticket 42' })
    const down = await rev.downgrade({ target: '-1' })
    const stamped = await rev.stamp({ targets: ['heads'], reason: STRANGE_REASON })

    const { runs, more } = await rev.log()

    expect(more).toBe(false)
    expect(runs).toMatchObject([
      {
        runId: stamped.runId,
        direction: 'stamp',
        outcome: 'done',
        before: ['aaaa1111'],
        rows: ['aaaa2222'],
        reason: STRANGE_REASON,
        events: [{ revision: 'aaaa2222', direction: 'stamp', statements: 0 }],
      },
      {
        runId: down.runId,
        direction: 'downgrade',
        reason: undefined,
        events: [{ revision: 'aaaa2222', message: 'second' }],
      },
      {
        runId: up.runId,
        direction: 'upgrade',
        outcome: 'done',
        before: [],
        rows: ['aaaa2222'],
        reason: 'ticket 42',
        byScript: false,
        processId: process.pid,
        events: [
          { revision: 'aaaa1111', message: 'first', outcome: 'done', before: [], rows: ['aaaa1111'], statements: 1 },
          { revision: 'aaaa2222', message: 'second', outcome: 'done', before: ['aaaa1111'], rows: ['aaaa2222'] },
        ],
      },
    ])
    const reasons = await db.knex()('rev_event').where({ run_id: up.runId }).pluck('reason')
    expect(reasons).toEqual(reasons.map(() => 'ticket 42'))
    for (const { startedAt, finishedAt, ms } of runs) {
      expect(startedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(ms).toBe(Date.parse(finishedAt ?? '') - Date.parse(startedAt))
    }
  })

  test('tells what failed, and why', async () => {
    const insert = `await knex('aaaa1111').insert({ id: 1 }); await knex('aaaa1111').insert({ id: 1 })`
    const rev = openRev(db, [...revisions, { revision: 'bbbb1111', down: 'aaaa2222', upgrade: insert }])
    await errorOf(rev.upgrade())

    const [run] = (await rev.log()).runs

    expect(run).toMatchObject({ outcome: 'failed', rows: ['aaaa2222'], error: expect.any(String) })
    expect(run?.events.at(-1)).toMatchObject({
      revision: 'bbbb1111',
      outcome: 'failed',
      failedStatement: 2,
      error: expect.stringMatching(/unique|duplicate/i),
    })
  })

  test('of a revision has the runs that touched it, by whatever name', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade({ target: 'aaaa1111' })
    await rev.upgrade()

    for (const revision of ['aaaa1111', 'aaaa1', 'shop', 'head-1'])
      expect(idsOf(await rev.log({ revision }))).toEqual([['aaaa1111']])
    for (const revision of ['aaaa2222', 'head', 'heads', 'current', 'shop@head'])
      expect(idsOf(await rev.log({ revision }))).toEqual([['aaaa2222']])
    expect(idsOf(await rev.log({ revision: 'base' }))).toEqual([])
    expect(await errorOf(rev.log({ revision: 'aaaa' }))).toMatchObject({ code: 'REV_GRAPH_AMBIGUOUS_PREFIX' })
    expect(await errorOf(rev.log({ revision: 'nothing' }))).toMatchObject({ code: 'REV_GRAPH_UNKNOWN_REVISION' })
    expect(await open(db, (database) => readEvents(database, { revisions: ['AAAA1111'] }))).toEqual([])
  })

  test('shows revisions that no file knows as they are, and finds them', async () => {
    await openRev(db, revisions).upgrade()
    const rev = openRev(db, [creates('cccc1111', null)])

    const { runs } = await rev.log()

    expect(runs[0]?.events).toMatchObject([
      { revision: 'aaaa1111', message: undefined },
      { revision: 'aaaa2222', message: undefined },
    ])
    for (const revision of ['aaaa2222', 'aaaa2', 'current'])
      expect(idsOf(await rev.log({ revision }))).toEqual([['aaaa1111', 'aaaa2222']])
    expect(await errorOf(rev.log({ revision: 'aaaa' }))).toMatchObject({
      code: 'REV_GRAPH_AMBIGUOUS_PREFIX',
      details: { candidates: [{ revision: 'aaaa1111' }, { revision: 'aaaa2222' }] },
    })
  })

  test('of one run is found by the beginning of its id', async () => {
    const rev = openRev(db, revisions)
    const { runId } = await rev.upgrade({ target: 'aaaa1111' })
    await rev.upgrade()

    for (const run of [runId, runId.slice(0, 8), runId.slice(0, 8).toUpperCase()])
      expect((await rev.log({ run })).runs.map((found) => found.runId)).toEqual([runId])
    expect((await rev.log({ run: `${runId}0` })).runs).toEqual([])
    for (const run of ['', '%', "'", 'head'])
      expect(await errorOf(rev.log({ run }))).toMatchObject({ code: 'REV_USAGE_INVALID_VALUE' })
  })

  test('is as long as it is asked to be', async () => {
    const rev = openRev(db, revisions)
    for (const target of ['aaaa1111', 'aaaa2222']) await rev.upgrade({ target })
    for (let turn = 0; turn < 10; turn += 1) {
      await rev.stamp({ targets: ['aaaa1111'] })
      await rev.stamp({ targets: ['aaaa2222'] })
    }

    const lengths = async (limit?: number): Promise<unknown> => {
      const { runs, more } = await rev.log(limit === undefined ? {} : { limit })
      return [runs.length, more]
    }
    expect(await lengths()).toEqual([20, true])
    expect(await lengths(0)).toEqual([22, false])
    expect(await lengths(22)).toEqual([22, false])
    expect(await lengths(21)).toEqual([21, true])
    for (const limit of [-1, 1.5, Number.NaN])
      expect(await errorOf(rev.log({ limit }))).toMatchObject({ code: 'REV_USAGE_INVALID_VALUE' })
  })

  test('tells and compares times in UTC, whatever the session and the driver take for local', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade({ target: 'aaaa1111' })
    await rev.upgrade()
    await setMoments(db, rev, ['2026-08-01T00:00:00.000Z', '2026-08-01T23:59:59.999Z'])
    const elsewhere = openRev(db, revisions, { config: inTokyo(db) })

    expect((await elsewhere.log()).runs.map(({ startedAt }) => startedAt)).toEqual([
      '2026-08-01T23:59:59.999Z',
      '2026-08-01T00:00:00.000Z',
    ])
    const found = async (since?: string, until?: string): Promise<string[][]> =>
      idsOf(await elsewhere.log({ ...(since ? { since } : {}), ...(until ? { until } : {}) }))
    const [first, second] = [['aaaa1111'], ['aaaa2222']]
    expect(await found('2026-08-01', '2026-08-01')).toEqual([second, first])
    expect(await found('2026-08-01T00:00:00.001')).toEqual([second])
    expect(await found('2026-08-01T00:00+01:00', '2026-08-01T01:00+01:00')).toEqual([first])
    expect(await found(undefined, '2026-07-31')).toEqual([])
    expect(await found('2026-08-02')).toEqual([])
    expect(idsOf(await rev.log({ until: new Date('2026-08-01T12:00Z') }))).toEqual([first])
    expect(await errorOf(rev.log({ since: 'yesterday' }))).toMatchObject({
      code: 'REV_USAGE_INVALID_VALUE',
      details: { option: 'since' },
    })
    expect(await errorOf(rev.log({ since: '2026-08-02', until: '2026-08-01' }))).toMatchObject({
      code: 'REV_USAGE_INVALID_VALUE',
      details: { option: 'until' },
    })
  })

  test('says of a run without an end what the lock tells, and takes none', async () => {
    const rev = openRev(db, revisions)
    await beginRun(db)
    const tells = db.dialect !== 'sqlite'

    const free = await rev.log()
    expect(free.runs).toMatchObject([{ runId: CUT_OFF, outcome: 'unfinished', rows: undefined, finishedAt: undefined }])
    expect(free.lock).toEqual(tells ? { held: false, holder: undefined } : undefined)

    const lock = await takeLock(await openUntilEnd(db), { timeoutMs: 0 })
    onTestFinished(async () => void (await lock.release()))
    const held = await rev.log()
    expect(held.lock).toEqual(tells ? { held: true, holder: expect.stringMatching(/pid|connection/) } : undefined)
    await lock.assertHeld()
  })

  test('does not take the time at which a cut off run was found for its end', async () => {
    const rev = openRev(db, revisions)
    await beginRun(db)
    await rev.upgrade()

    const cutOff = (await rev.log()).runs.at(-1)

    expect(cutOff).toMatchObject({ runId: CUT_OFF, outcome: 'interrupted', finishedAt: undefined, ms: undefined })
  })

  test('that lacks columns is an error that names them', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    await db.knex().schema.alterTable('rev_event', (table) => table.dropColumns('git_commit', 'reason'))

    expect(await errorOf(rev.log())).toMatchObject({
      code: 'REV_DATABASE_EVENT_TABLE',
      details: { missing: ['git_commit', 'reason'] },
    })
  })

  describe('of a script', () => {
    const runsAfter = async (rev: Rev, script: string): Promise<readonly LogRun[]> => {
      const ran = await db.client(script)
      expect(ran, ran.stderr).toMatchObject({ code: 0 })
      return (await rev.log()).runs
    }
    const scriptOf = async (rev: Rev, options: Partial<Parameters<Rev['sql']>[0]>): Promise<Record<string, string>> => {
      const texts = { script: '', rollback: '' }
      await rev.sql({
        direction: 'upgrade',
        ...options,
        write: (text, { kind }) => {
          texts[kind] += text
        },
      })
      return texts
    }

    test('is told apart from runs of rev, with the reason that the script was written for', async () => {
      const rev = openRev(db, revisions)
      const { script = '', rollback = '' } = await scriptOf(rev, { reason: STRANGE_REASON, withRollback: true })

      expect(await runsAfter(rev, script)).toMatchObject([
        {
          direction: 'upgrade',
          outcome: 'done',
          byScript: true,
          osUser: undefined,
          host: undefined,
          processId: undefined,
          reason: STRANGE_REASON,
          rows: ['aaaa2222'],
          events: [{ revision: 'aaaa1111', outcome: 'done' }, { revision: 'aaaa2222' }],
        },
      ])
      const reasons = await db.knex()('rev_event').pluck('reason')
      expect(reasons).toEqual(reasons.map(() => STRANGE_REASON))
      // Whoever goes back has a reason of his own.
      const [back] = await runsAfter(rev, rollback)
      expect(back).toMatchObject({ direction: 'downgrade', byScript: true, reason: undefined })
    })
  })
})

describeEachDialect('the reason of a run', (db) => {
  beforeEach(() => db.empty())

  test.each([
    ['no words', ' '],
    ['more than can be kept', 'x'.repeat(2001)],
    ['a NUL', 'a\0b'],
  ])('is refused with %s, before anything is done', async (_what, reason) => {
    const rev = openRev(db, revisions)

    for (const work of [
      rev.upgrade({ reason }),
      rev.stamp({ targets: ['heads'], reason }),
      rev.downgrade({ target: 'base', reason }),
      rev.sql({ direction: 'upgrade', reason, write: () => {} }),
    ])
      expect(await errorOf(work)).toMatchObject({ code: 'REV_USAGE_INVALID_VALUE' })
    expect(await db.tables()).toEqual([])
  })

  test('is kept without the password of a URL in it', async () => {
    const rev = openRev(db, revisions)

    await rev.upgrade({ reason: 'moved from postgres://me:hunter2@old/shop' })

    expect((await rev.log()).runs[0]?.reason).toBe('moved from postgres://***@old/shop')
  })

  test('may be long', async () => {
    const rev = openRev(db, revisions)
    const reason = '\u{1f980}'.repeat(1000)

    await rev.upgrade({ reason })

    expect(await rowsOf(db)).toEqual(['aaaa2222'])
    expect((await rev.log()).runs[0]?.reason).toBe(reason)
  })
})

/** The same database with a session, and a driver, that take their times for those of Tokyo. */
function inTokyo(db: TestDatabase): Knex.Config {
  const { connection, ...config } = db.knexConfig()
  if (db.dialect === 'postgresql')
    return { ...config, connection: { ...Object(connection), options: '-c timezone=Asia/Tokyo' } }
  if (db.dialect === 'sqlite') return { ...config, connection: Object(connection) }
  const afterCreate = (raw: { query(sql: string, done: unknown): void }, done: unknown): void =>
    raw.query("set time_zone = '+09:00'", done)
  return { ...config, connection: { ...Object(connection), timezone: '+09:00' }, pool: { afterCreate } }
}
