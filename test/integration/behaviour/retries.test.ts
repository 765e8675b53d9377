import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { CreateRevOptions } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import type { RevisionText } from '../../support/temp-project.ts'
import { type HeldTable, holdTable } from './held-table.ts'

describeEachDialect('a revision with retries', (db) => {
  beforeEach(async () => {
    await db.empty()
    await openRev(db, [creates('aaa', null), creates('log', 'aaa')]).upgrade()
    await db.knex()('aaa').insert({ id: 1 })
  })

  const extra = 'export const config = { tableLockTimeout: 300, retries: 2 }'
  // The first statement proves that an attempt was rolled back, and the second one gets no lock.
  const changes = `
    context.log('called')
    await knex('log').insert({ id: 5 })
    await knex('aaa').update({ id: 2 }).where({ id: 1 })`

  /** A run of `bbb`, with what is to be done when it is to be run again. */
  async function runHeld(revision: Partial<RevisionText>, onRetry = async () => {}, options: CreateRevOptions = {}) {
    const heard = recordingReporter()
    const done: Promise<void>[] = []
    const held: HeldTable = await holdTable(db, 'aaa', {
      holding: 'rows',
      reporter(event) {
        heard.report(event)
        if (event.type === 'retry' && event.what === 'revision') done.push(onRetry())
      },
    })
    const revisions = [
      creates('aaa', null),
      creates('log', 'aaa'),
      { revision: 'bbb', down: 'log', upgrade: changes, extra, ...revision },
    ]
    const rev = openRev(db, revisions, { reporter: held.reporter, ...options })
    onTestFinished(() => Promise.all(done).then(() => undefined))
    return { rev, heard, held, done }
  }

  test('is run again from its beginning, and its effect is there once', async () => {
    let letGo = async (): Promise<void> => {}
    const { rev, heard, held, done } = await runHeld({}, () => letGo())
    letGo = held.release

    const { steps } = await rev.upgrade()
    await Promise.all(done)

    const again = heard.of('retry').filter(({ what }) => what === 'revision')
    expect(again).toMatchObject([{ what: 'revision', revision: 'bbb', attempt: 1, attempts: 3 }])
    expect(again[0]?.blockers.length).toBe(db.dialect === 'sqlite' ? 0 : 1)
    expect(steps).toMatchObject([{ revision: 'bbb', statements: 2 }])
    expect(heard.of('log')).toHaveLength(db.dialect === 'sqlite' ? 1 : 2)
    expect(await db.knex()('log').pluck('id')).toEqual([5])
    expect(await db.knex()('aaa').pluck('id')).toEqual([2])
    expect(await rowsOf(db)).toEqual(['bbb'])
    const events = await db
      .knex()('rev_event')
      .where({ revision: 'bbb' })
      .orderBy('seq')
      .select('outcome', 'statements')
    // On SQLite the lock is there for the event of the failed attempt, too.
    expect(events.map(({ outcome }) => outcome)).toEqual(db.dialect === 'sqlite' ? ['done'] : ['failed', 'done'])
    expect(events.at(-1).statements).toBe(2)
  })

  test('fails in the end, with the number of attempts, and nothing is left', async () => {
    const { rev, heard, held } = await runHeld({})

    const error = await errorOf(rev.upgrade())
    await held.release()

    const again = heard.of('retry').filter(({ what }) => what === 'revision')
    expect(again.map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(error).toMatchObject({
      code: 'REV_STEP_FAILED',
      details: { attempts: 3, rolledBack: true, limit: { name: 'tableLockTimeout', ms: 300, source: 'revision' } },
    })
    expect(error.message).toContain('after 3 attempts')
    expect(await db.knex()('log').pluck('id')).toEqual([])
    expect(await rowsOf(db)).toEqual(['log'])
  })

  test('is not run again once the run was told to stop', async () => {
    const stop = new AbortController()
    const { rev, heard, held } = await runHeld({}, async () => stop.abort(), { signal: stop.signal })

    const error = await errorOf(rev.upgrade())
    await held.release()

    expect(error.code).toBe('REV_INTERRUPTED')
    expect(heard.of('retry').filter(({ what }) => what === 'revision')).toHaveLength(1)
    expect(await rowsOf(db)).toEqual(['log'])
  })

  test('is run once when it fails for another reason', async () => {
    const heard = recordingReporter()
    const upgrade = `context.log('called'); throw new Error('no')`
    const revisions = [creates('aaa', null), creates('log', 'aaa'), { revision: 'bbb', down: 'log', upgrade, extra }]

    const error = await errorOf(openRev(db, revisions, { reporter: heard.report }).upgrade())

    expect(error.code).toBe('REV_STEP_FAILED')
    expect(heard.of('log')).toHaveLength(1)
    expect(heard.of('retry')).toEqual([])
  })
})

describeEachDialect(
  'a revision with retries',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await openRev(db, [creates('aaa', null)]).upgrade()
      await db
        .knex()('aaa')
        .insert([{ id: 1 }, { id: 2 }])
    })

    /** A run of `bbb`, which another session leads into a deadlock that `bbb` is chosen to end. */
    async function deadlocked(retries: number) {
      const heard = recordingReporter()
      const bbb: RevisionText = {
        revision: 'bbb',
        down: 'aaa',
        extra: `export const config = { tableLockTimeout: 0, retries: ${retries} }`,
        upgrade: `
          await knex('aaa').update({ id: 11 }).where({ id: 1 })
          context.log('first')
          await knex('aaa').update({ id: 12 }).where({ id: 2 })`,
      }
      const second = await db.knex().transaction()
      const done: Promise<unknown>[] = []
      onTestFinished(() => Promise.all(done).then(() => undefined))
      // PostgreSQL ends the one that notices first, MySQL the one that has changed less.
      if (db.dialect === 'postgresql') await second.raw(`set local deadlock_timeout = '1h'`)
      await second('aaa').insert(Array.from({ length: 50 }, (_, index) => ({ id: 100 + index })))
      await second('aaa').update({ id: 22 }).where({ id: 2 })
      const rev = openRev(db, [creates('aaa', null), bbb], {
        reporter(event) {
          heard.report(event)
          if (event.type !== 'log' || done.length > 0) return
          const closing = second('aaa').update({ id: 21 }).where({ id: 1 })
          done.push(closing.then(() => second.rollback()))
        },
      })
      return { rev, heard }
    }

    test('is run again when it was chosen to end a deadlock', async () => {
      const { rev, heard } = await deadlocked(2)

      const { steps } = await rev.upgrade()

      expect(heard.of('retry')).toMatchObject([{ what: 'revision', revision: 'bbb', attempt: 1 }])
      expect(steps).toMatchObject([{ statements: 2 }])
      expect((await db.knex()('aaa').pluck('id')).sort()).toEqual([11, 12])
    })

    test('says that everything was rolled back when it may not be run again', async () => {
      const { rev, heard } = await deadlocked(0)

      const error = await errorOf(rev.upgrade())

      expect(error).toMatchObject({
        code: 'REV_STEP_FAILED',
        details: { rolledBack: true, committedStatements: 0 },
      })
      expect(heard.of('retry')).toEqual([])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'a revision with retries that has committed something by itself',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await openRev(db, [creates('aaa', null)]).upgrade()
      await db.knex()('aaa').insert({ id: 1 })
    })

    test('is run once', async () => {
      const heard = recordingReporter()
      const { reporter } = await holdTable(db, 'aaa', { holding: 'rows', reporter: heard.report })
      const revision = {
        revision: 'bbb',
        down: 'aaa',
        extra: 'export const config = { tableLockTimeout: 300, retries: 2 }',
        upgrade: `
          await knex.schema.createTable('other', (table) => { table.increments('id') })
          await knex('aaa').update({ id: 2 }).where({ id: 1 })`,
      }

      const error = await errorOf(openRev(db, [creates('aaa', null), revision], { reporter }).upgrade())

      expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { rolledBack: false, committedStatements: 1 } })
      expect(heard.of('retry')).toEqual([])
    })
  },
  { only: ['mysql'] },
)
