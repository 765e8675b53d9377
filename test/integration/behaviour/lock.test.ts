import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { gate, slowRun } from './slow-run.ts'

describeEachDialect('two runs at once', (db) => {
  beforeEach(() => db.empty())

  test('are kept apart: the second gives up when its time is over, and names the holder', async () => {
    const first = await slowRun(db)
    const second = openRev(db, [creates('aaa', null)])

    const error = await errorOf(second.upgrade({ lockTimeout: 200 }))
    first.finish()
    await first.done

    expect(error.code).toBe('REV_DATABASE_LOCKED')
    expect(error.details).toMatchObject({ holder: expect.any(String) })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('run one after the other, and the second finds nothing left to do', async () => {
    const first = await slowRun(db)
    const heard = recordingReporter()
    const waits = gate()
    const report = (event: Parameters<typeof heard.report>[0]) => {
      heard.report(event)
      if (event.type === 'lock:wait') waits.open()
    }
    const second = openRev(db, [creates('aaa', null)], { reporter: report })

    const waiting = second.upgrade({ lockTimeout: '20s' })
    await waits.opened
    first.finish()
    await first.done

    expect((await waiting).steps).toEqual([])
    expect(heard.of('step:start')).toEqual([])
  })

  test('with --wait: the second waits longer than the setting says, until the first is done', async () => {
    const first = await slowRun(db)
    const heard = recordingReporter()
    const second = openRev(db, [creates('aaa', null)], {
      config: { ...db.knexConfig(), rev: { lockTimeout: 1 } },
      reporter: heard.report,
    })

    const waiting = second.upgrade({ wait: true })
    await expect.poll(() => heard.of('lock:wait').length).toBe(1)
    first.finish()
    await first.done

    expect((await waiting).rows).toEqual(['aaa'])
    expect(await errorOf(second.upgrade({ wait: true, lockTimeout: 1 }))).toMatchObject({
      code: 'REV_USAGE_CONFLICTING_OPTIONS',
      exit: 2,
    })
  })

  test('do not wait for each other when there is nothing to do', async () => {
    await openRev(db, [creates('aaa', null)]).upgrade()
    const rev = openRev(db, [creates('aaa', null)])

    const results = await Promise.all([rev.upgrade({ lockTimeout: 1 }), rev.upgrade({ lockTimeout: 1 })])

    expect(results.map((result) => result.steps)).toEqual([[], []])
  })

  test('leave no lock behind, whether they succeed or fail', async () => {
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: `throw new Error('no')` }])
    await errorOf(rev.upgrade())

    const next = await rev.downgrade({ target: 'base', lockTimeout: 1 })

    expect(next.rows).toEqual([])
  })

  test('are ended by an AbortSignal, and the lock is free again', async () => {
    const ending = new AbortController()
    const rev = openRev(db, [], {
      revisions: [
        {
          revision: 'aaa',
          down_revision: null,
          upgrade: (_knex, context) =>
            new Promise((_resolve, reject) => {
              context.signal.addEventListener('abort', () => reject(new Error('told to stop')))
              ending.abort()
            }),
          downgrade: async () => {},
        },
      ],
    })

    const error = await errorOf(rev.upgrade({ signal: ending.signal }))

    expect(error.code).toBe('REV_INTERRUPTED')
    expect((await openRev(db, [creates('aaa', null)]).upgrade({ lockTimeout: 1 })).rows).toEqual(['aaa'])
  })
})
