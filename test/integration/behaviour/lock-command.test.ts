import { existsSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { ADVISORY_CLASS, advisoryKeySql } from '../../../src/database/lock/advisory.ts'
import { creates, openRev } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { slowRun } from './slow-run.ts'

describeEachDialect('rev lock', (db) => {
  beforeEach(() => db.empty())

  test('says of a database that rev never touched that nobody holds it, and makes nothing', async () => {
    const result = await openRev(db, [creates('aaa', null)]).lock()

    expect(result).toMatchObject({ command: 'lock', held: false, holder: undefined, run: undefined, gone: undefined })
    if (db.dialect === 'sqlite')
      expect([existsSync(db.name), existsSync(`${db.name}-rev-lock`)]).toEqual([false, false])
    else expect(await db.tables()).toEqual([])
  })

  test('says who holds it and with which run, and takes it from nobody', async () => {
    const run = await slowRun(db, { reason: 'ticket 42' })

    const seen = [await openRev(db, []).lock(), await openRev(db, []).lock()]
    run.finish()
    const { runId } = await run.done

    for (const result of seen) {
      expect(result).toMatchObject({
        held: true,
        gone: undefined,
        run: { runId, direction: 'upgrade', reason: 'ticket 42', processId: process.pid, byScript: false },
      })
      if (db.dialect === 'sqlite') expect(result.holder).toBeUndefined()
      else
        expect(result.holder).toMatchObject({
          connection: expect.any(Number),
          isScript: false,
          user: expect.any(String),
        })
    }
    expect((await openRev(db, []).lock()).held).toBe(false)
  })

  test('does not take an older run that was cut off for the one that holds it', async () => {
    await openRev(db, [creates('aaa', null)]).upgrade()
    await db.knex()('rev_event').whereNull('revision').where({ outcome: 'done' }).delete()

    expect(await openRev(db, []).lock()).toMatchObject({ held: false, run: undefined })
  })
})

describeEachDialect(
  'rev lock of a lease',
  (db) => {
    beforeEach(() => db.empty())

    test('says whose it is and when it runs out', async () => {
      const settings = { lock: 'lease', leaseTime: '20s' } as const
      const run = await slowRun(db, {}, { config: { ...db.knexConfig(), rev: settings } })

      const seen = await openRev(db, [], { config: { ...db.knexConfig(), rev: settings } }).lock()
      run.finish()
      const { runId } = await run.done

      expect(seen).toMatchObject({ held: true, run: { runId }, holder: { process: { id: process.pid } } })
      expect(seen.holder?.leaseEndsInMs).toBeGreaterThan(10_000)
      expect(seen.holder?.leaseEndsInMs).toBeLessThanOrEqual(20_000)
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'rev lock of a script',
  (db) => {
    beforeEach(() => db.empty())

    test('says that it is one', async () => {
      await db.knex().transaction(async (knex) => {
        await knex.raw(`set local application_name = 'rev script upgrade base:aaa'`)
        const key = advisoryKeySql(`'public'`, `'rev_version'`)
        await knex.raw(`select pg_advisory_xact_lock(${ADVISORY_CLASS}, ${key})`)

        const { held, holder } = await openRev(db, []).lock()

        expect(held).toBe(true)
        expect(holder).toMatchObject({ isScript: true, application: 'rev script upgrade base:aaa' })
      })
    })
  },
  { only: ['postgresql'] },
)
