import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../src/database/database.ts'
import { type RunLock, takeLock } from '../../../src/database/lock/take-lock.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { type RunningProcess, repository, start } from '../../support/run-cli.ts'
import { openUntilEnd } from './open-until-end.ts'

const take = (database: Database, timeoutMs = 0): Promise<RunLock> => takeLock(database, { timeoutMs })

/** A process that holds the lock. */
async function startHolder(db: TestDatabase): Promise<RunningProcess> {
  const script = fileURLToPath(new URL('hold-lock.ts', import.meta.url))
  const args = ['--import', 'jiti/register', script, JSON.stringify(db.knexConfig())]
  const holder = start(process.execPath, args, { cwd: repository })
  onTestFinished(async () => {
    holder.process.kill('SIGKILL')
    await holder.done
  })
  await holder.saw(/held/)
  return holder
}

describeEachDialect('the lock', (db) => {
  test('is held by one connection at a time, and names who has it', async () => {
    const recorded = recordingReporter()
    const first = await openUntilEnd(db)
    const second = await openUntilEnd(db, { recorded })
    const lock = await take(first)

    const failure = await take(second, 300).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'REV_DATABASE_LOCKED' })
    // A locked file does not say by whom, and no run is in the log.
    const holder = db.dialect === 'sqlite' ? undefined : expect.stringMatching(/^connection \d+, user \w+/)
    expect((failure as { details: object }).details).toEqual({
      database: expect.any(String),
      waitedMs: expect.any(Number),
      ...(holder && { holder }),
    })
    expect(recorded.of('lock:wait')).toHaveLength(1)
    expect(await lock.release()).toBe('released')
    const next = await take(second)
    expect(await next.release()).toBe('released')
  })

  test('is taken as soon as it is given back', async () => {
    const recorded = recordingReporter()
    const first = await openUntilEnd(db)
    const second = await openUntilEnd(db, { recorded })
    const lock = await take(first)

    const waiting = take(second, 20_000)
    await expect.poll(() => recorded.of('lock:wait').length).toBe(1)
    await lock.release()
    const next = await waiting

    await next.assertHeld()
    expect(recorded.of('lock:taken')).toHaveLength(1)
    await next.release()
  })

  test('is another one for another version table', async () => {
    const first = await openUntilEnd(db, { rev: { versionTable: 'one' } })
    const second = await openUntilEnd(db, { rev: { versionTable: 'two' } })
    const lock = await take(first)

    // One file beside the database is all that SQLite has.
    const failure = await take(second).then(
      (other) => other.release(),
      (error: { code?: string }) => error.code,
    )

    expect(failure).toBe(db.dialect === 'sqlite' ? 'REV_DATABASE_LOCKED' : 'released')
    await lock.release()
  })

  test('is not waited for any longer when the run is told to stop', async () => {
    const controller = new AbortController()
    const recorded = recordingReporter()
    const first = await openUntilEnd(db)
    const second = await openUntilEnd(db, { recorded, signal: controller.signal })
    const lock = await take(first)

    const waiting = take(second, 60_000)
    const failed = expect(waiting).rejects.toMatchObject({ code: 'REV_INTERRUPTED', exit: 130 })
    await expect.poll(() => recorded.of('lock:wait').length).toBe(1)
    controller.abort('SIGINT')

    await failed
    await lock.release()
  })

  test('keeps another process out, and is free when that one is killed', async () => {
    const holder = await startHolder(db)
    const database = await openUntilEnd(db)
    await expect(take(database)).rejects.toMatchObject({ code: 'REV_DATABASE_LOCKED' })

    holder.process.kill('SIGKILL')
    const lock = await take(database, 20_000)

    await lock.assertHeld()
    await lock.release()
  })

  test('leaves the application its reads and writes', async () => {
    const database = await openUntilEnd(db)
    const lock = await take(database)

    await db.knex().schema.createTable('used_by_the_application', (table) => table.integer('id'))
    await db.knex()('used_by_the_application').insert({ id: 1 })

    expect(await db.knex()('used_by_the_application').select('id')).toEqual([{ id: 1 }])
    await lock.release()
  })

  test('is noticed when it was lost', async () => {
    const database = await openUntilEnd(db)
    const lock = await take(database)

    await lock.release()

    await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'REV_DATABASE_LOCK_LOST' })
    expect(await lock.release()).toBe('lost')
  })
})

describeEachDialect(
  'the lock on a server',
  (db) => {
    test('is lost with its connection', async () => {
      const database = await openUntilEnd(db)
      const lock = await take(database)

      const { rows } = await database.connection.query(
        db.dialect === 'postgresql' ? 'select pg_backend_pid() as id' : 'select connection_id() as id',
      )
      const id = Number(rows[0]?.id)
      if (db.dialect === 'postgresql') await db.knex().raw('select pg_terminate_backend(?)', [id])
      else await db.knex().raw('kill ?', [id])

      await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'REV_DATABASE_LOCK_LOST' })
      expect(await lock.release()).toBe('unreachable')
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'the lock of a database in memory',
  () => {
    test('is not needed', async () => {
      const memory = { knexConfig: () => ({ client: 'better-sqlite3', connection: { filename: ':memory:' } }) }
      const one = await openUntilEnd(memory)
      const other = await openUntilEnd(memory)

      const locks = [await take(one), await take(other)]

      for (const lock of locks) await lock.assertHeld()
      for (const lock of locks) expect(await lock.release()).toBe('released')
    })
  },
  { only: ['sqlite'] },
)
