import { createServer, connect as openSocket, type Socket } from 'node:net'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'

const half = `await knex.schema.createTable('half', (table) => { table.increments('id') })`

describeEachDialect('a step that did not fail by a statement', (db) => {
  beforeEach(() => db.empty())
  const rollsBackDdl = db.dialect !== 'mysql'
  const around = (upgrade: string) => [
    creates('aaa', null),
    { revision: 'bbb', down: 'aaa', upgrade },
    creates('ccc', 'bbb'),
  ]
  const outcome = {
    done: ['aaa'],
    failed: 'bbb',
    notRun: ['ccc'],
    rolledBack: rollsBackDdl,
    committedStatements: rollsBackDdl ? 0 : 1,
  }
  const left = rollsBackDdl ? ['aaa'] : ['aaa', 'half']

  test.each([
    ['forgot a statement', `knex('half').insert({ id: 1 })`, 'REV_STEP_FORGOTTEN'],
    ['ended its transaction', `await knex.raw('COMMIT')`, 'REV_STEP_TRANSACTION_ENDED'],
    ['closed its handle', 'await knex.destroy()', 'REV_STEP_DESTROYED_HANDLE'],
    [
      'used two transactions at once',
      `await knex.transaction(async () => { await knex('half').insert({ id: 1 }) })`,
      'REV_STEP_CONCURRENT_TRANSACTION',
    ],
  ])('but %s tells what is done, what is left and what was not run', async (_what, mistake, code) => {
    const rev = openRev(db, around(`${half}\n${mistake}`))

    const error = await errorOf(rev.upgrade())

    expect(error).toMatchObject({ code, details: { outcome } })
    expect(await tablesOf(db)).toEqual(left)
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('but changed the rows tells it, too', async () => {
    const rev = openRev(db, around(`await knex('rev_version').update({ version_num: 'other' })`))

    const error = await errorOf(rev.upgrade())

    const expected = { ...outcome, rolledBack: true, committedStatements: 0 }
    expect(error).toMatchObject({ code: 'REV_DATABASE_ROW_MISMATCH', details: { outcome: expected } })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('but was stopped tells the same', async () => {
    const stop = new AbortController()
    const log = recordingReporter()
    const rev = openRev(db, around(`${half}\ncontext.log('begun')\nawait new Promise(() => {})`), {
      signal: stop.signal,
      reporter: (event) => {
        log.report(event)
        if (event.type === 'log') stop.abort('SIGINT')
      },
    })

    const error = await errorOf(rev.upgrade())

    expect(error).toMatchObject({ code: 'REV_INTERRUPTED', exit: 130, details: { signal: 'SIGINT', outcome } })
    expect(await tablesOf(db)).toEqual(left)
  })

  test('but was stopped before it began tells what is done', async () => {
    const stop = new AbortController()
    const rev = openRev(db, around(half), {
      signal: stop.signal,
      reporter: (event) => {
        if (event.type === 'step:done') stop.abort('SIGTERM')
      },
    })

    const error = await errorOf(rev.upgrade())

    expect(error).toMatchObject({
      code: 'REV_TERMINATED',
      details: { outcome: { done: ['aaa'], notRun: ['bbb', 'ccc'] } },
    })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })
})

describeEachDialect(
  'a transaction that a revision ended where nobody saw it',
  (db) => {
    beforeEach(() => db.empty())

    test('is said to have kept what came before', async () => {
      const rev = openRev(db, [{ revision: 'aaa', upgrade: `${half}\nawait knex.raw('select 1; commit; begin')` }])

      const error = await errorOf(rev.upgrade())

      expect(error).toMatchObject({
        code: 'REV_STEP_TRANSACTION_ENDED',
        details: { outcome: { rolledBack: false, committedStatements: 2 } },
      })
      expect(await tablesOf(db)).toEqual(['half'])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'a connection that is lost before the lock is asked for',
  (db) => {
    beforeEach(() => db.empty())

    test('is told as what it is', async () => {
      const port = await proxy(db.address, /pg_backend_pid/)
      const config = db.knexConfig()
      const rev = openRev(db, [creates('aaa', null)], {
        config: { ...config, connection: { ...(config.connection as object), host: '127.0.0.1', port } },
      })

      const error = await errorOf(rev.upgrade())

      expect(error).toMatchObject({ code: 'REV_DATABASE_QUERY_FAILED', exit: 1 })
      expect(error.hint).toContain('lost')
      expect(await tablesOf(db)).toEqual([])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'a connection that is lost',
  (db) => {
    beforeEach(() => db.empty())

    test('while the step is being committed is no riddle: another connection finds out', async () => {
      // The server gets the COMMIT; its answer never arrives.
      const port = await proxy(db.address, /COMMIT;/)
      const config = db.knexConfig()
      const rev = openRev(db, [creates('aaa', null)], {
        config: { ...config, connection: { ...(config.connection as object), host: '127.0.0.1', port } },
      })

      const error = await errorOf(rev.upgrade())

      expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { statement: 'COMMIT', inDatabase: true } })
      expect(error.details).not.toHaveProperty('uncertain')
      expect(error.message).toContain('it is done, and in the database')
      expect(await rowsOf(db)).toEqual(['aaa'])
      expect(await openRev(db, [creates('aaa', null)]).upgrade()).toMatchObject({ steps: [] })
    })

    test('is told with its remedy, and not as a lock that was lost', async () => {
      const kill =
        db.dialect === 'postgresql'
          ? 'select pg_terminate_backend(pg_backend_pid())'
          : `kill \${(await knex.raw('select connection_id() as id'))[0][0].id}`
      const log = recordingReporter()
      const rev = openRev(
        db,
        [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: `await knex.raw(\`${kill}\`)` }],
        {
          reporter: log.report,
        },
      )

      const error = await errorOf(rev.upgrade())

      expect(error).toMatchObject({ code: 'REV_STEP_FAILED', details: { done: ['aaa'], failed: 'bbb' } })
      expect(error.hint).toContain('lost')
      expect(log.of('notice').map(({ code }) => code)).not.toContain('REV_NOTICE_LOCK_NOT_OURS')
      expect(await rowsOf(db)).toEqual(['aaa'])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

/** Stands between rev and the server, and cuts the line as soon as the client has said `word`, which it passes on. */
async function proxy(address: { host: string; port: number } | undefined, word: RegExp): Promise<number> {
  if (address === undefined) throw new Error('there is no server')
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = openSocket(address.port, address.host)
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}))
    upstream.on('data', (data) => client.write(data))
    client.on('data', (data) => {
      upstream.write(data)
      if (word.test(data.toString('latin1'))) client.destroy()
    })
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return bound.port
}
