import { existsSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { lateServer } from '../../support/late-server.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { slowRun } from './slow-run.ts'

const line = [creates('aaa', null), creates('bbb', 'aaa'), creates('ccc', 'bbb')]
const told = (recorded: ReturnType<typeof recordingReporter>, code: string): string[] =>
  recorded
    .of('notice')
    .filter((notice) => notice.code === code)
    .map(({ message }) => message)

describeEachDialect('rev wait', (db) => {
  beforeEach(() => db.empty())

  test('is there at once when the database is at the target, or above it', async () => {
    const rev = openRev(db, line)
    await rev.upgrade({ target: 'bbb' })

    expect(await rev.wait({ for: 'bbb', timeout: 0 })).toMatchObject({ revisions: ['bbb'], rows: ['bbb'] })
    expect(await rev.wait({ for: ['aaa', 'bbb'] })).toMatchObject({ revisions: ['aaa', 'bbb'], rows: ['bbb'] })
    expect(await rev.wait({ for: 'base' })).toMatchObject({ revisions: [], rows: ['bbb'] })
  })

  test('waits for a run that is at work, which it names once, and needs no lock', async () => {
    const run = await slowRun(db)
    const recorded = recordingReporter()
    const follower = openRev(db, [creates('aaa', null)], { reporter: recorded.report })

    const waiting = follower.wait()
    await expect.poll(() => told(recorded, 'REV_NOTICE_WAITING')).toHaveLength(1)
    run.finish()
    await run.done

    expect(await waiting).toMatchObject({ command: 'wait', target: ['head'], revisions: ['aaa'], rows: ['aaa'] })
    const [message] = told(recorded, 'REV_NOTICE_WAITING')
    expect(message).toContain('is at head (aaa); it is at base')
    expect(message).toContain(`process ${process.pid}`)
    expect(told(recorded, 'REV_NOTICE_WAITING')).toHaveLength(1)
  })

  test('gives up when its time is over, and has changed nothing', async () => {
    const rev = openRev(db, line)

    const error = await errorOf(rev.wait({ for: 'bbb', timeout: 400 }))

    expect(error).toMatchObject({ code: 'REV_CHECK_WAIT_OVER', exit: 3, details: { target: ['bbb'], rows: [] } })
    if (db.dialect === 'sqlite') expect(existsSync(db.name)).toBe(false)
    else expect(await db.tables()).toEqual([])
  })

  test('goes on while a database is not there yet that is made meanwhile', async () => {
    const recorded = recordingReporter()
    const waiting = openRev(db, line, { reporter: recorded.report }).wait({ for: 'ccc' })
    await expect.poll(() => told(recorded, 'REV_NOTICE_WAITING')).toHaveLength(1)

    await openRev(db, line).upgrade()

    expect((await waiting).rows).toEqual(['ccc'])
    expect(told(recorded, 'REV_NOTICE_NO_FILE').length).toBe(db.dialect === 'sqlite' ? 1 : 0)
  })

  test('ends when it is told to', async () => {
    const recorded = recordingReporter()
    const controller = new AbortController()
    const waiting = openRev(db, line, { reporter: recorded.report }).wait({ signal: controller.signal })
    const failed = errorOf(waiting)
    await expect.poll(() => told(recorded, 'REV_NOTICE_WAITING')).toHaveLength(1)

    controller.abort('SIGTERM')

    expect(await failed).toMatchObject({ code: 'REV_TERMINATED', exit: 143 })
  })

  test('does not wait for what it cannot tell: rows that no file knows', async () => {
    await openRev(db, line).upgrade()
    const older = openRev(db, [creates('aaa', null), creates('xxx', 'aaa')])

    expect((await errorOf(older.wait({ timeout: '20s' }))).code).toBe('REV_DATABASE_UNKNOWN_ROW')
  })

  test('takes targets as everywhere, and none that counts from the rows', async () => {
    const rev = openRev(db, [...line, creates('ddd', 'aaa')])

    expect((await errorOf(rev.wait())).code).toBe('REV_GRAPH_MULTIPLE_HEADS')
    expect((await errorOf(rev.wait({ for: 'nothing' }))).code).toBe('REV_GRAPH_UNKNOWN_REVISION')
    expect((await errorOf(rev.wait({ for: '+1' }))).code).toBe('REV_GRAPH_NO_START')
    await rev.upgrade({ target: 'heads' })
    expect((await rev.wait({ for: 'heads' })).rows).toHaveLength(2)
    expect(await rowsOf(db)).toEqual(['ccc', 'ddd'])
  })
})

describeEachDialect(
  'rev wait for a server',
  (db) => {
    beforeEach(() => db.empty())

    const behind = async () => {
      if (db.address === undefined) throw new Error('there is no server')
      const server = await lateServer(db.address)
      const config = db.knexConfig()
      const connection = {
        ...(config.connection as object),
        host: '127.0.0.1',
        port: server.port,
        socketPath: undefined,
      }
      return { server, config: { ...config, connection } }
    }

    test('that starts later goes on until it answers, and says so once', async () => {
      const { server, config } = await behind()
      await openRev(db, line).upgrade()
      const recorded = recordingReporter()

      const waiting = openRev(db, line, { config, reporter: recorded.report }).wait({ timeout: '30s' })
      await expect.poll(() => told(recorded, 'REV_NOTICE_NOT_REACHABLE'), { timeout: 10_000 }).toHaveLength(1)
      await server.start()

      expect((await waiting).rows).toEqual(['ccc'])
      expect(told(recorded, 'REV_NOTICE_NOT_REACHABLE')).toHaveLength(1)
    })

    test('that goes away in between asks on when it is back', async () => {
      const { server, config } = await behind()
      await server.start()
      const recorded = recordingReporter()
      const waiting = openRev(db, line, { config, reporter: recorded.report }).wait({ timeout: '30s' })
      await expect.poll(() => told(recorded, 'REV_NOTICE_WAITING'), { timeout: 10_000 }).toHaveLength(1)

      await server.stop()
      await expect.poll(() => told(recorded, 'REV_NOTICE_NOT_REACHABLE'), { timeout: 10_000 }).toHaveLength(1)
      await openRev(db, line).upgrade()
      await server.start()

      expect((await waiting).rows).toEqual(['ccc'])
    })

    test('that never answers is given up with what was the matter', async () => {
      const { config } = await behind()

      const error = await errorOf(openRev(db, line, { config }).wait({ timeout: 700 }))

      expect(error).toMatchObject({ code: 'REV_CHECK_WAIT_OVER', details: { rows: undefined } })
      expect(error.message).toContain('ECONNREFUSED')
    })

    test('does not hope for a database that is not there', async () => {
      const config = db.knexConfig()
      const connection = { ...(config.connection as object), database: 'rev_test_not_there' }

      const error = await errorOf(openRev(db, line, { config: { ...config, connection } }).wait({ timeout: '20s' }))

      expect(error.code).toBe('REV_DATABASE_CONNECT_FAILED')
    })
  },
  { only: ['postgresql', 'mysql'] },
)
