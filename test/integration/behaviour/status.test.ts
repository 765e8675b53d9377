import { beforeEach, expect, test } from 'vitest'
import { openEventLog } from '../../../src/database/event-log.ts'
import { takeLock } from '../../../src/database/lock/take-lock.ts'
import type { Rev, RevisionStatus, StatusResult } from '../../../src/index.ts'
import { creates, errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { RevisionText, TempProject } from '../../support/temp-project.ts'
import { open } from '../database/open.ts'
import { openUntilEnd } from '../database/open-until-end.ts'
import { scriptOf } from '../offline/script-of.ts'
import { slowRun } from './slow-run.ts'

const CUT_OFF = '11111111-1111-4111-8111-111111111111'
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const revisions = [
  creates('aaaa1111', null, { message: 'first' }),
  creates('aaaa2222', 'aaaa1111', { message: 'second' }),
]
const SECOND = 'versions/aaaa2222_second.ts'
const third = creates('aaaa3333', 'aaaa2222', { message: 'third' })
/** Fails until there is a table that it does not make. */
const FAILING: RevisionText = {
  ...third,
  upgrade: `await knex.raw('select 1'); await knex('nowhere').insert({ id: 1 })`,
}

const statesOf = ({ revisions }: StatusResult): string[] => revisions.map((it) => `${it.revision} ${it.state}`)
const oneOf = ({ revisions }: StatusResult, id: string): RevisionStatus => {
  const found = revisions.find(({ revision }) => revision === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}
const edit = (project: TempProject, file: string, from: string, to: string): void => {
  const text = project.read(file)
  expect(text).toContain(from)
  project.write(file, text.replace(from, to))
}

/** Writes what a run does that is killed: that it began, and the steps that it finished. */
async function cutOff(db: TestDatabase, what: 'upgrade' | 'downgrade', rows: readonly string[]): Promise<void> {
  await open(db, async (database) => {
    const log = await openEventLog(database, CUT_OFF, {})
    await log.write({ what, outcome: 'started', rowsBefore: rows, rowsAfter: rows })
  })
}

describeEachDialect('the status', (db) => {
  beforeEach(() => db.empty())

  /** The status, which changes nothing. */
  const statusOf = async (rev: Rev, options: Parameters<Rev['status']>[0] = {}): Promise<StatusResult> => {
    const before = await db.dump({ ignore: /^$/ })
    const result = await rev.status(options)
    expect(await db.dump({ ignore: /^$/ })).toBe(before)
    return result
  }

  test('of a database that rev never touched is all pending, and nothing is made', async () => {
    const result = await openRev(db, revisions).status()

    expect(result).toMatchObject({ command: 'status', exists: false, readable: true, hasLog: false, ok: false })
    expect(result.revisions).toMatchObject([
      { revision: 'aaaa1111', state: 'PENDING', message: 'first', event: undefined, stamped: false },
      { revision: 'aaaa2222', state: 'PENDING' },
    ])
    expect(result.counts).toMatchObject({ PENDING: 2, APPLIED: 0 })
    expect(await db.tables()).toEqual([])
  })

  test('says when, for how long, why and by whom each was applied', async () => {
    const rev = openRev(db, revisions)
    const { runId } = await rev.upgrade({ target: 'aaaa1111', reason: 'ticket 42' })

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 PENDING'])
    expect(result.revisions[0]?.event).toMatchObject({
      runId,
      direction: 'upgrade',
      outcome: 'done',
      finishedAt: expect.stringMatching(ISO),
      ms: expect.any(Number),
      reason: 'ticket 42',
      byScript: false,
      osUser: expect.any(String),
      statements: 1,
    })
    expect(result).toMatchObject({
      exists: true,
      hasLog: true,
      hasFiles: true,
      ok: false,
      findings: [],
      run: undefined,
    })
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true, counts: { APPLIED: 2, PENDING: 0 } })
  })

  test('lists each revision below those that stand or depend on it, and a target with what is below it', async () => {
    const rev = openRev(db, [
      creates('mmmm', ['bbbb', 'cccc']),
      creates('cccc', 'aaaa', { labels: 'side' }),
      creates('bbbb', 'aaaa'),
      creates('aaaa', null, { dependsOn: 'zzzz' }),
      creates('zzzz', null),
    ])
    await rev.upgrade({ target: 'cccc' })

    const result = await statusOf(rev)

    const at = (id: string): number => result.revisions.findIndex(({ revision }) => revision === id)
    for (const [below, above] of [
      ['zzzz', 'aaaa'],
      ['aaaa', 'bbbb'],
      ['aaaa', 'cccc'],
      ['bbbb', 'mmmm'],
      ['cccc', 'mmmm'],
    ] as const)
      expect(at(below)).toBeLessThan(at(above))
    expect(result.counts).toMatchObject({ APPLIED: 3, PENDING: 2 })
    expect(await statusOf(rev, { target: 'side@head' })).toMatchObject({ ok: false })
    expect(await statusOf(rev, { target: 'cccc' })).toMatchObject({ ok: true, counts: { APPLIED: 3, PENDING: 0 } })
    expect(statesOf(await statusOf(rev, { target: ['heads'], pending: true }))).toEqual([
      'bbbb PENDING',
      'mmmm PENDING',
    ])
    expect(await errorOf(rev.status({ target: 'nobody' }))).toMatchObject({ code: 'REV_GRAPH_UNKNOWN_REVISION' })
  })

  test('tells of a failure with its error, until it is tried again', async () => {
    const rev = openRev(db, [...revisions, FAILING])
    await errorOf(rev.upgrade())

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 APPLIED', 'aaaa3333 FAILED'])
    expect(oneOf(result, 'aaaa3333').event).toMatchObject({
      direction: 'upgrade',
      outcome: 'failed',
      failedStatement: 2,
      error: expect.stringContaining('nowhere'),
      finishedAt: expect.stringMatching(ISO),
    })
    expect(await statusOf(rev, { target: 'aaaa2222' })).toMatchObject({ ok: true })
    await db.knex().schema.createTable('nowhere', (table) => table.increments('id'))
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true })
  })

  test('tells what a failed step has left in a database that commits by itself', async () => {
    const upgrade = `await knex.schema.createTable('left_here', (table) => table.increments('id'))
      await knex('nowhere').insert({ id: 1 })`
    const rev = openRev(db, [...revisions, { ...third, upgrade }])
    await errorOf(rev.upgrade())

    const left = { direction: 'upgrade', statementsDone: 1, uncertain: undefined }
    expect(oneOf(await statusOf(rev), 'aaaa3333')).toMatchObject({
      state: 'FAILED',
      unfinished: db.dialect === 'mysql' ? left : undefined,
    })
    await db.knex().schema.createTable('nowhere', (table) => table.increments('id'))
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true, counts: { APPLIED: 3 } })
  })

  test('believes a repair, and says that it was one', async () => {
    const extra = 'export const transaction = false'
    const upgrade = `await knex.schema.createTable('left_here', (table) => table.increments('id')); throw new Error('no')`
    const rev = openRev(db, [...revisions, { ...third, extra, upgrade }])
    await errorOf(rev.upgrade())
    expect(oneOf(await statusOf(rev), 'aaaa3333')).toMatchObject({ state: 'FAILED', unfinished: { statementsDone: 1 } })

    await rev.repair({ revision: 'aaaa3333', action: 'applied', reason: 'done by hand' })

    const result = await statusOf(rev)
    expect(result.ok).toBe(true)
    expect(oneOf(result, 'aaaa3333')).toMatchObject({
      state: 'APPLIED',
      stamped: false,
      unfinished: undefined,
      event: { direction: 'repair:applied', reason: 'done by hand' },
    })
  })

  test('does not tell of a failure any more once a stamp has gone past it', async () => {
    const rev = openRev(db, [...revisions, FAILING])
    await errorOf(rev.upgrade())
    await rev.stamp({ targets: ['heads'] })

    const result = await statusOf(rev)

    expect(result).toMatchObject({ ok: true })
    expect(oneOf(result, 'aaaa3333')).toMatchObject({ state: 'APPLIED', stamped: true, event: undefined })
    expect(oneOf(result, 'aaaa2222')).toMatchObject({ state: 'APPLIED', stamped: false, event: { outcome: 'done' } })
  })

  test('tells of a way back that failed, until a later run came to its end', async () => {
    const rev = openRev(db, [...revisions, { ...third, downgrade: `throw new Error('no way back')` }])
    await rev.upgrade()
    await errorOf(rev.downgrade({ target: 'aaaa1111' }))

    const result = await statusOf(rev)

    expect(result).toMatchObject({ ok: false, counts: { APPLIED: 2, FAILED: 1 } })
    expect(oneOf(result, 'aaaa3333')).toMatchObject({
      state: 'FAILED',
      event: { direction: 'downgrade', error: expect.stringContaining('no way back') },
    })
    rev.project.revision(creates('aaaa4444', 'aaaa3333'))
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true, counts: { APPLIED: 4, FAILED: 0 } })
  })

  test('tells of an interruption', async () => {
    const stop = new AbortController()
    const rev = openRev(db, [...revisions, { ...third, upgrade: `context.log('here'); await knex.raw('select 1')` }], {
      reporter: (event) => event.type === 'log' && stop.abort('SIGINT'),
    })
    await errorOf(rev.upgrade({ signal: stop.signal }))

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 APPLIED', 'aaaa3333 INTERRUPTED'])
    expect(oneOf(result, 'aaaa3333').event).toMatchObject({ outcome: 'interrupted', direction: 'upgrade' })
    expect(result.ok).toBe(false)
  })

  test('finds the revision that a killed run was at, once nobody holds the lock', async () => {
    const rev = openRev(db, [...revisions, third])
    await rev.upgrade({ target: 'aaaa1111' })
    await cutOff(db, 'upgrade', ['aaaa1111'])

    const lock = await takeLock(await openUntilEnd(db), { timeoutMs: 0 })
    const held = await rev.status()
    expect(held.run).toMatchObject({ runId: CUT_OFF, direction: 'upgrade', lockHeld: true })
    expect(statesOf(held)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 PENDING', 'aaaa3333 PENDING'])
    await lock.release()

    const result = await rev.status()
    expect(result.run).toMatchObject({ runId: CUT_OFF, lockHeld: false })
    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 INTERRUPTED', 'aaaa3333 PENDING'])
    expect(oneOf(result, 'aaaa2222').event).toMatchObject({ runId: CUT_OFF, outcome: 'started', finishedAt: undefined })
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true, run: undefined })
  })

  test('finds it on the way back, too, and does not guess where several could be meant', async () => {
    const rev = openRev(db, [...revisions, creates('bbbb2222', 'aaaa1111')])
    await rev.upgrade({ target: 'aaaa2222' })
    await cutOff(db, 'downgrade', ['aaaa2222'])
    expect(oneOf(await rev.status(), 'aaaa2222')).toMatchObject({
      state: 'INTERRUPTED',
      event: { direction: 'downgrade' },
    })

    await rev.downgrade({ target: 'aaaa1111' })
    await db.knex()('rev_event').where({ run_id: CUT_OFF }).delete()
    await cutOff(db, 'upgrade', ['aaaa1111'])
    const result = await rev.status()
    expect(result).toMatchObject({ counts: { INTERRUPTED: 0 }, run: { lockHeld: false } })
  })

  test('says of a run that is at work that it is', async () => {
    const { done, finish } = await slowRun(db)
    const result = await openRev(db, [creates('aaa', null)]).status()
    finish()
    await done

    expect(result).toMatchObject({
      counts: { PENDING: 1, INTERRUPTED: 0 },
      run: { direction: 'upgrade', lockHeld: true },
    })
  })

  test('tells what was taken back from what was never applied', async () => {
    const rev = openRev(db, [...revisions, third])
    await rev.upgrade({ target: 'aaaa2222' })
    const { runId } = await rev.downgrade({ target: 'aaaa1111', reason: 'too early' })

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 REVERTED', 'aaaa3333 PENDING'])
    expect(oneOf(result, 'aaaa2222').event).toMatchObject({ runId, direction: 'downgrade', reason: 'too early' })
    await rev.upgrade()
    expect(await statusOf(rev)).toMatchObject({ ok: true })
  })

  test('finds files that were edited, and takes comments for a note', async () => {
    const rev = openRev(db, [...revisions, third])
    await rev.upgrade()
    edit(rev.project, SECOND, "increments('id')", "increments('key')")
    edit(rev.project, 'versions/aaaa1111_first.ts', '* first', '* first of all')

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 EDITED', 'aaaa3333 APPLIED'])
    expect(result.findings.map(({ code }) => code)).toEqual(['REV_FINDING_EDITED', 'REV_FINDING_COSMETIC_EDIT'])
    expect(result.ok).toBe(false)
    // An edit above the target does not concern it.
    expect(await statusOf(rev, { target: 'aaaa1111' })).toMatchObject({ ok: true })
  })

  test('finds files that are gone, and rows that no file knows; what they stand on counts as applied', async () => {
    const rev = openRev(db, [...revisions, third, creates('aaaa4444', 'aaaa3333', { message: 'fourth' })])
    await rev.upgrade()
    for (const file of ['aaaa3333_third.ts', 'aaaa4444_fourth.ts']) rev.project.clear(`versions/${file}`)

    const result = await statusOf(rev)

    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 APPLIED', 'aaaa3333 MISSING', 'aaaa4444 UNKNOWN'])
    expect(oneOf(result, 'aaaa4444')).toMatchObject({ message: undefined, file: undefined, event: { outcome: 'done' } })
    expect(result).toMatchObject({ ok: false, counts: { APPLIED: 2, MISSING: 1, UNKNOWN: 1 } })
    // They concern every target.
    expect(await statusOf(rev, { target: 'aaaa1111' })).toMatchObject({ ok: false, counts: { MISSING: 1, UNKNOWN: 1 } })
    await rev.stamp({ targets: ['aaaa2222'], purge: true })
    expect(await statusOf(rev)).toMatchObject({ ok: true, counts: { APPLIED: 2, MISSING: 0, UNKNOWN: 0 } })
  })

  test('has no date for what was stamped alone', async () => {
    const rev = openRev(db, revisions)
    await rev.stamp({ targets: ['aaaa1111'] })
    await rev.upgrade()

    const result = await statusOf(rev)

    expect(result.ok).toBe(true)
    expect(oneOf(result, 'aaaa1111')).toMatchObject({ state: 'APPLIED', stamped: true, event: undefined })
    expect(oneOf(result, 'aaaa2222')).toMatchObject({ state: 'APPLIED', stamped: false })
  })

  test('knows what a script did', async () => {
    const rev = openRev(db, revisions)
    expect(await db.client(await scriptOf(rev, { target: 'base:head' }))).toMatchObject({ code: 0 })

    const result = await statusOf(rev)

    expect(result.ok).toBe(true)
    expect(result.revisions[1]?.event).toMatchObject({ byScript: true, outcome: 'done', ms: expect.any(Number) })
  })

  test('goes on without a log, and with one that lacks columns', async () => {
    const rev = openRev(db, [...revisions, FAILING])
    await errorOf(rev.upgrade())
    await db.knex().schema.alterTable('rev_event', (table) => table.dropColumns('reason', 'git_commit', 'milliseconds'))

    const older = await statusOf(rev)
    expect(statesOf(older)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 APPLIED', 'aaaa3333 FAILED'])
    expect(older.revisions[0]?.event).toMatchObject({ ms: undefined, reason: undefined, outcome: 'done' })
    expect(older.findings).toMatchObject([{ code: 'REV_FINDING_EVENT_COLUMNS' }])

    await db.knex().schema.alterTable('rev_event', (table) => table.dropColumns('what'))
    expect(await statusOf(rev)).toMatchObject({ hasLog: false, counts: { APPLIED: 2, PENDING: 1 } })
    await db.knex().schema.dropTable('rev_event')
    const without = await statusOf(rev)
    expect(without).toMatchObject({ hasLog: false, ok: false, findings: [] })
    expect(oneOf(without, 'aaaa1111')).toMatchObject({ state: 'APPLIED', event: undefined, stamped: false })
  })

  test('goes by the log where the version table cannot be read, and is never well then', async () => {
    const rev = openRev(db, [...revisions, third])
    await rev.upgrade({ target: 'aaaa2222' })
    await db.knex().schema.alterTable('rev_version', (table) => table.renameColumn('version_num', 'version'))

    const result = await statusOf(rev)

    expect(result).toMatchObject({ exists: true, readable: false, rows: [], ok: false })
    expect(statesOf(result)).toEqual(['aaaa1111 APPLIED', 'aaaa2222 APPLIED', 'aaaa3333 PENDING'])
    expect(result.findings).toMatchObject([{ code: 'REV_FINDING_NO_COLUMN', isFault: true }])
    expect(await statusOf(rev, { target: 'aaaa2222' })).toMatchObject({ ok: false })
  })

  test('tells what the database knows where the files cannot be read', async () => {
    const rev = openRev(db, [...revisions, FAILING])
    await errorOf(rev.upgrade())
    await rev.downgrade({ target: 'aaaa1111' })
    rev.project.write('versions/broken.ts', 'export const revision = ')

    const result = await statusOf(rev)

    expect(result).toMatchObject({ hasFiles: false, ok: false, counts: { APPLIED: 1, REVERTED: 1, FAILED: 1 } })
    expect(oneOf(result, 'aaaa1111')).toMatchObject({
      state: 'APPLIED',
      message: undefined,
      event: { outcome: 'done' },
    })
  })

  test('says more than the states: rows that no run left, and another project', async () => {
    const rev = openRev(db, revisions, { config: { ...db.knexConfig(), rev: { project: 'shop' } } })
    await rev.upgrade()
    await db.knex()('rev_version').insert({ version_num: 'aaaa1111' })
    await db.knex()('rev_meta').where({ name: 'project' }).update({ value: 'billing' })

    const result = await statusOf(rev)

    expect(result).toMatchObject({ ok: false, counts: { APPLIED: 2 } })
    expect(result.findings.map(({ code }) => code)).toEqual([
      'REV_FINDING_OTHER_PROJECT',
      'REV_FINDING_ROWS_CHANGED',
      'REV_FINDING_OVERLAPPING_ROWS',
    ])
  })
})

describeEachDialect('the status of 2,000 revisions and 5,000 events', (db) => {
  test('is there in well under a second', async () => {
    const id = (number: number): string => `r${String(number).padStart(4, '0')}`
    const modules = Array.from({ length: 2_000 }, (_, number) => ({
      revision: id(number),
      down_revision: number === 0 ? null : id(number - 1),
      upgrade: async () => {},
      downgrade: async () => {},
    }))
    const rev = openRev(db, [], { revisions: modules })
    await rev.upgrade({ target: id(0) })
    const [like] = await db.knex()('rev_event').whereNotNull('revision')
    const events = Array.from({ length: 4_996 }, (_, at) => {
      // Each run goes up through some, and every third of them failed before.
      const number = Math.min(1_999, 1 + Math.floor(at / 2.5))
      const outcome = at % 3 === 0 ? 'failed' : 'done'
      const rows = { rows_before: id(number - 1), rows_after: id(outcome === 'done' ? number : number - 1) }
      return { ...like, ...rows, run_id: `run-${Math.floor(at / 10)}`, seq: at, revision: id(number), outcome }
    })
    await db.knex().batchInsert('rev_event', events, 40)
    await db
      .knex()('rev_version')
      .update({ version_num: id(1_500) })

    // The time of the processor, because others may be at work on this machine, too.
    const started = process.cpuUsage()
    const { counts } = await rev.status()
    const { user, system } = process.cpuUsage(started)

    expect(counts.APPLIED).toBe(1_501)
    expect(counts.PENDING + counts.FAILED).toBe(499)
    expect((user + system) / 1_000).toBeLessThan(1_000)
  })
})
