import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { takeLock } from '../../../src/database/lock/take-lock.ts'
import { run } from '../../../src/database/run.ts'
import { errorOf, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { tempDirectory } from '../../support/temp-project.ts'
import { open } from './open.ts'
import { openUntilEnd } from './open-until-end.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, type TestRevision, threeTables } from './scripts.ts'
import { startLockProcess } from './start-lock-process.ts'

const rev = { lock: 'lease', leaseTime: '2s' } as const
const tables = ['table_a', 'table_b', 'table_c']

/** How long the lease lasts from now, by the clock of the database; not positive when nobody has it. */
async function leaseLeft(db: TestDatabase): Promise<number> {
  const left =
    db.dialect === 'postgresql'
      ? 'extract(epoch from expires_at - clock_timestamp()) * 1000'
      : 'timestampdiff(microsecond, utc_timestamp(3), expires_at) / 1000'
  const row = await db
    .knex()('rev_lock')
    .where({ name: 'beat' })
    .first(db.knex().raw(`${left} as ms`))
  return Number(row?.ms ?? 0)
}

const tokenOf = async (db: TestDatabase): Promise<number> =>
  Number((await db.knex()('rev_lock').where({ name: 'lock' }).first('token')).token)

/** Ends every connection to the database but the one with this number, and those of the test itself. */
async function cutOthers(db: TestDatabase, kept: number): Promise<number> {
  if (db.dialect === 'postgresql') {
    const { rows } = await db.knex().raw(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid not in (pg_backend_pid(), ?)`,
      [kept],
    )
    return rows.length
  }
  const [found] = await db
    .knex()
    .raw('select id from information_schema.processlist where db = database() and id not in (connection_id(), ?)', [
      kept,
    ])
  for (const { id } of found) await db.knex().raw('kill ?', [id])
  return found.length
}

describeEachDialect(
  'a lease',
  (db) => {
    beforeEach(() => db.empty())
    const upgrade = (revisions: readonly TestRevision[], recorded = recordingReporter(), lease: object = rev) =>
      open(db, (database) => run(database, upgradeTo(scriptsOf(revisions))), { rev: lease, recorded })

    test.each([2, 5])('lets one of %i processes at once do the work', async (count) => {
      const runs = await Promise.all(Array.from({ length: count }, () => startLockProcess(db, { rev }).done))

      const said = runs.map(({ stdout, stderr }) => stdout.trim() || stderr)
      expect(said.sort()).toEqual([...Array.from({ length: count - 1 }, () => 'steps 0'), 'steps 3'])
      expect(await tablesOf(db)).toEqual(tables)
      expect(await leaseLeft(db)).toBe(0)
    })

    test('of a run that was killed is waited for until it has run out, which is said', async () => {
      const holder = startLockProcess(db, { rev, until: join(tempDirectory(), 'never') })
      await holder.saw(/inside/)
      holder.process.kill('SIGKILL')
      await holder.done
      const left = await leaseLeft(db)
      const recorded = recordingReporter()

      const { steps } = await upgrade(threeTables(), recorded)

      expect(steps.map(({ revision }) => revision)).toEqual(['b', 'c'])
      const [taken] = recorded.of('lock:taken')
      expect(left).toBeGreaterThan(500)
      expect(taken?.waitedMs).toBeGreaterThan(left - 500)
      const [waiting] = recorded.of('lock:wait')
      expect(waiting?.holder).toMatch(/its lease runs out, unless it is renewed, in \d\.\d s/)
      expect(waiting?.holder).toContain(`there is no process ${holder.process.pid} on this machine`)
    })

    test('of a run that stood still too long is lost: when it wakes up it writes nothing', async () => {
      const until = join(tempDirectory(), 'go')
      const holder = startLockProcess(db, { rev, until })
      await holder.saw(/inside/)
      holder.process.kill('SIGSTOP')

      const { steps } = await upgrade(threeTables())
      writeFileSync(until, '')
      holder.process.kill('SIGCONT')
      const { stdout } = await holder.done

      expect(stdout).toContain('failed REV_DATABASE_LOCK_LOST')
      expect(steps.map(({ revision }) => revision)).toEqual(['b', 'c'])
      expect(await tablesOf(db)).toEqual(tables)
      expect(await rowsOf(db)).toEqual(['c'])
      const outcomes = await db
        .knex()('rev_event')
        .whereNull('revision')
        .orderBy(['started_at', 'seq'])
        .pluck('outcome')
      expect(outcomes.sort()).toEqual(['done', 'interrupted', 'started', 'started'])
    })

    test('goes by the clock of the database alone', async () => {
      for (const clockOffMs of [-400 * 86_400_000, 400 * 86_400_000]) {
        await db.empty()
        const until = join(tempDirectory(), 'go')
        const holder = startLockProcess(db, { rev, until, clockOffMs })
        await holder.saw(/inside/)

        const other = await openUntilEnd(db, { rev })
        expect((await errorOf(takeLock(other, { timeoutMs: 2_500 }))).code).toBe('REV_DATABASE_LOCKED')
        expect(await leaseLeft(db)).toBeLessThanOrEqual(2_000)
        writeFileSync(until, '')

        expect((await holder.done).stdout).toContain('steps 3')
      }
    })

    test('goes on when the connection of its heartbeat is cut', async () => {
      const database = await openUntilEnd(db, { rev })
      const lock = await takeLock(database, { timeoutMs: 0 })
      const question = db.dialect === 'postgresql' ? 'select pg_backend_pid() as id' : 'select connection_id() as id'
      const { rows } = await database.connection.query(question)
      const before = await tokenOf(db)

      expect(await cutOthers(db, Number(rows[0]?.id))).toBeGreaterThan(0)
      const cutAt = performance.now()
      await expect.poll(() => performance.now() - cutAt, { timeout: 10_000 }).toBeGreaterThan(3_000)

      expect(await leaseLeft(db)).toBeGreaterThan(0)
      await lock.assertHeld()
      expect(await tokenOf(db)).toBe(before)
      expect(await lock.release()).toBe('released')
    })

    test('that somebody else has taken keeps the version rows as they are', async () => {
      const steal = () =>
        db
          .knex()('rev_lock')
          .update({ owner: 'somebody else', token: db.knex().raw('token + 1') })
      const [a, b, c] = threeTables() as [TestRevision, TestRevision, TestRevision]
      const stolen: TestRevision = {
        ...b,
        upgrade: async (knex, context) => {
          await b.upgrade?.(knex, context)
          await steal()
        },
      }

      const error = await errorOf(upgrade([a, stolen, c], recordingReporter(), { lock: 'lease', leaseTime: '60s' }))

      expect(error).toMatchObject({
        code: 'REV_DATABASE_LOCK_LOST',
        details: { outcome: { done: ['a'], failed: 'b', notRun: ['c'] } },
      })
      expect(await rowsOf(db)).toEqual(['a'])
      expect(await tablesOf(db)).toEqual(db.dialect === 'mysql' ? ['table_a', 'table_b'] : ['table_a'])
      // Whose lease it is now stays so.
      expect(await db.knex()('rev_lock').pluck('owner')).toEqual(['somebody else', 'somebody else'])
    })

    test('is proven although a transaction sees the database as it was before the heartbeats', async () => {
      const level = 'repeatable read'
      const [a, b] = threeTables() as [TestRevision, TestRevision]
      const slow: TestRevision = {
        ...b,
        upgrade: async (knex) => {
          await knex('table_a').select('id')
          await knex.raw(db.dialect === 'postgresql' ? 'select pg_sleep(2.5)' : 'select sleep(2.5)')
          await knex('table_a').insert({ id: 1 })
        },
      }
      if (db.dialect === 'postgresql')
        await db.knex().raw(`alter database ?? set default_transaction_isolation = '${level}'`, [db.name])

      await upgrade([a, slow])

      if (db.dialect === 'postgresql')
        await db.knex().raw('alter database ?? reset default_transaction_isolation', [db.name])
      expect(await rowsOf(db)).toEqual(['b'])
      expect(await db.knex()('table_a').pluck('id')).toEqual([1])
    })

    test('has a token that only grows', async () => {
      const tokens: number[] = []
      for (let times = 0; times < 3; times += 1) {
        const database = await openUntilEnd(db, { rev })
        const lock = await takeLock(database, { timeoutMs: 0 })
        tokens.push(await tokenOf(db))
        await lock.release()
      }

      expect(tokens).toEqual([1, 2, 3])
    })

    test('and a lock of the session keep each other out', async () => {
      const byLease = await openUntilEnd(db, { rev })
      const bySession = await openUntilEnd(db)
      const lease = await takeLock(byLease, { timeoutMs: 0 })
      const one = await errorOf(takeLock(bySession, { timeoutMs: 0 }))
      await lease.release()
      const session = await takeLock(bySession, { timeoutMs: 0 })
      const other = await errorOf(takeLock(byLease, { timeoutMs: 0 }))
      await session.release()

      expect([one.code, other.code]).toEqual(['REV_DATABASE_LOCKED', 'REV_DATABASE_LOCKED'])
      expect(one.details).toMatchObject({ holder: expect.stringContaining('its lease runs out') })
      expect(other.details).toMatchObject({ holder: expect.stringMatching(/^connection \d+/) })
      await (await takeLock(byLease, { timeoutMs: 0 })).release()
    })

    test('does not make a database look as if it were in use', async () => {
      const database = await openUntilEnd(db, { rev })
      await (await takeLock(database, { timeoutMs: 0 })).release()

      expect((await upgrade(threeTables())).steps).toHaveLength(3)
    })

    test('is refused in a pool of one connection', async () => {
      const knex = (await import('knex')).default({ ...db.knexConfig(), pool: { min: 0, max: 1 } })
      try {
        const work = open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), { rev, knex })

        expect(await errorOf(work)).toMatchObject({ code: 'REV_DATABASE_LEASE_REFUSED', exit: 2 })
      } finally {
        await knex.destroy()
      }
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'a lease in a transaction that was handed in',
  (db) => {
    test('is refused', async () => {
      await db.knex().transaction(async (knex) => {
        const work = open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), { rev, knex })

        expect((await errorOf(work)).code).toBe('REV_DATABASE_LEASE_REFUSED')
      })
    })
  },
  { only: ['postgresql'] },
)

describe('SQLite', () => {
  test('needs no lease, and refuses one', async () => {
    const file = join(tempDirectory(), 'test.sqlite3')
    const db = {
      knexConfig: () => ({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true }),
    }

    const error = await errorOf(open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), { rev }))

    expect(error).toMatchObject({ code: 'REV_DATABASE_LEASE_REFUSED', exit: 2 })
    expect(error.hint).toContain('"session"')
  })
})
