import { existsSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import createKnex, { type Knex } from 'knex'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withDatabase } from '../../../src/database/database.ts'
import { installCommand } from '../../../src/database/driver-check.ts'
import { loadKnex } from '../../../src/database/load-knex.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { createTempProject, tempDirectory } from '../../support/temp-project.ts'
import { contextOf, open } from './open.ts'

const PASSWORD = 'hunt%r@2/#x'

/** A port of this machine on which nothing listens. */
async function closedPort(): Promise<number> {
  const { port, close } = await listen(() => {})
  close()
  return port
}

/** A port that does with each caller what the test says. */
async function listen(meet: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    meet(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  onTestFinished(close)
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, close }
}

const failureOf = async (knexConfig: Knex.Config): Promise<Error> => {
  const opening = open({ knexConfig: () => knexConfig }, (database) => database.readRows())
  return opening.then(
    () => new Error('it connected'),
    (error: Error) => error,
  )
}

describe('a server that is not there', () => {
  for (const client of ['pg', 'mysql2']) {
    test(`is told at once, with its place and without the password (${client})`, async () => {
      const port = await closedPort()
      const started = performance.now()

      const error = await failureOf({
        client,
        connection: { host: '127.0.0.1', port, user: 'me', password: PASSWORD, database: 'shop' },
      })

      expect(error).toMatchObject({
        code: 'REV_DATABASE_CONNECT_FAILED',
        details: {
          host: '127.0.0.1',
          port,
          user: 'me',
          database: 'shop',
          reason: expect.stringContaining('ECONNREFUSED'),
        },
        hint: expect.any(String),
      })
      expect(performance.now() - started).toBeLessThan(3_000)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD)
    })

    test(`is named from a URL and from a function, too (${client})`, async () => {
      const port = await closedPort()
      const scheme = client === 'pg' ? 'postgres' : 'mysql'
      const url = `${scheme}://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/shop`
      const settings = { host: '127.0.0.1', port, user: 'me', password: PASSWORD, database: 'shop' }

      for (const connection of [url, async () => settings]) {
        const error = await failureOf({ client, connection })

        expect(error).toMatchObject({ details: { host: '127.0.0.1', port, user: 'me', database: 'shop' } })
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD)
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(encodeURIComponent(PASSWORD))
      }
    })

    test(`is given up when it says nothing (${client})`, async () => {
      const { port } = await listen(() => {})
      const started = performance.now()

      const error = await failureOf({
        client,
        connection: { host: '127.0.0.1', port, user: 'me', password: PASSWORD, database: 'shop' },
        acquireConnectionTimeout: 500,
      })

      expect(error).toMatchObject({ code: 'REV_DATABASE_CONNECT_FAILED', details: { port } })
      expect(performance.now() - started).toBeLessThan(5_000)
    })
  }
})

test('the port that the driver takes by itself is named, too', async () => {
  const host = 'nowhere.invalid'

  for (const [client, port] of [
    ['pg', 5432],
    ['mysql2', 3306],
  ] as const) {
    const error = await failureOf({ client, connection: { host, user: 'me', database: 'shop' } })

    expect(error).toMatchObject({ code: 'REV_DATABASE_CONNECT_FAILED', details: { host, port, user: 'me' } })
  }
})

describe('a configuration that cannot work', () => {
  test.each([
    ['pg', undefined],
    ['mysql2', ''],
    ['better-sqlite3', undefined],
  ])('has a client and no connection (%s)', async (client, connection) => {
    const error = await failureOf({ client, ...(connection === undefined ? {} : { connection }) })

    expect(error).toMatchObject({ code: 'REV_DATABASE_NO_CONNECTION', exit: 2, details: { client } })
  })

  test('names a client that Knex does not have', async () => {
    const error = await failureOf({ client: 'pogres', connection: {} })

    expect(error).toMatchObject({ code: 'REV_DATABASE_CONFIG_REFUSED', exit: 2, details: { client: 'pogres' } })
    expect(error).toMatchObject({ hint: expect.stringContaining('pg') })
  })

  test('names a file name that is no text', async () => {
    const error = await failureOf({ client: 'better-sqlite3', connection: { filename: 5 } as never })

    expect(error).toMatchObject({ code: 'REV_DATABASE_CONFIG_REFUSED', exit: 2 })
  })

  test.each(['sqlite://x.db', 'sqlite:///data/x.db', 'sqlite:x.db', 'file:x.db', {}, () => 'sqlite://x.db'])(
    'names no file of SQLite, which would be a database that is gone with the process (%s)',
    async (connection) => {
      const error = await failureOf({ client: 'better-sqlite3', connection: connection as never })

      expect(error).toMatchObject({ code: 'REV_DATABASE_CONFIG_REFUSED', exit: 2 })
      expect(error?.message).toContain('is the path of its file')
      expect(existsSync('x.db')).toBe(false)
    },
  )

  test.each(['pg', 'mysql2'])('holds a URL that is none, and does not show it (%s)', async (client) => {
    const connection = `${client === 'pg' ? 'postgres' : 'mysql'}://me:${PASSWORD}@127.0.0.1:1/shop`

    const error = await failureOf({ client, connection })

    expect(error).toMatchObject({ code: 'REV_DATABASE_URL_UNREADABLE', exit: 2, details: { client } })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD)
  })

  test('has a URI for better-sqlite3, which would make a file of that name', async () => {
    const filename = 'file:dev.sqlite3'

    const error = await failureOf({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true })

    expect(error).toMatchObject({ code: 'REV_DATABASE_FILE_URI', exit: 2, details: { filename } })
    expect(existsSync(filename)).toBe(false)
  })
})

describeEachDialect(
  'a server that refuses',
  (db) => {
    test('says that there is no such database', async () => {
      const { connection, ...config } = db.knexConfig()

      const error = await failureOf({ ...config, connection: { ...Object(connection), database: 'not_there' } })

      expect(error).toMatchObject({
        code: 'REV_DATABASE_CONNECT_FAILED',
        details: { database: 'not_there', reason: expect.stringContaining('not_there') },
      })
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect('an instance of the caller', (db) => {
  test('is joined and stays open', async () => {
    const knex = createKnex(db.knexConfig())
    onTestFinished(() => knex.destroy())

    const read = await open(db, (database) => database.readRows(), { knex })

    expect(read).toEqual({ exists: false, rows: [] })
    expect(await knex.select(knex.raw('1 as one'))).toEqual([{ one: 1 }])
  })

  test('gets its connection back when the work fails', async () => {
    const knex = createKnex({ ...db.knexConfig(), pool: { min: 0, max: 1 }, acquireConnectionTimeout: 2_000 })
    onTestFinished(() => knex.destroy())

    const failing = open(db, () => Promise.reject(new Error('no')), { knex })

    await expect(failing).rejects.toThrow('no')
    expect(await knex.select(knex.raw('1 as one'))).toEqual([{ one: 1 }])
  })
})

describeEachDialect(
  'a transaction of the caller',
  (db) => {
    test('is joined: what rev writes goes with it', async () => {
      const knex = createKnex(db.knexConfig())
      onTestFinished(() => knex.destroy())

      const transaction = knex.transaction(async (trx) => {
        await open(db, (database) => database.ensureVersionTable(), { knex: trx })
        throw new Error('rolled back')
      })

      await expect(transaction).rejects.toThrow('rolled back')
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['postgresql', 'sqlite'] },
)

describeEachDialect(
  'a transaction of the caller where DDL commits by itself',
  (db) => {
    test('is refused', async () => {
      const knex = createKnex(db.knexConfig())
      onTestFinished(() => knex.destroy())

      const transaction = knex.transaction((trx) => open(db, (database) => database.readRows(), { knex: trx }))

      await expect(transaction).rejects.toMatchObject({ code: 'REV_DATABASE_TRANSACTION_REFUSED' })
    })
  },
  { only: ['mysql'] },
)

describeEachDialect('a project of its own', (db) => {
  test('keeps its afterCreate', async () => {
    let created = 0
    const pool: Knex.PoolConfig = {
      afterCreate: (connection: unknown, done: (error: Error | null, connection: unknown) => void) => {
        created += 1
        done(null, connection)
      },
    }

    await open(db, (database) => database.readRows(), { knexConfig: { ...db.knexConfig(), pool } })

    expect(created).toBe(1)
  })

  test('prints nothing to the console', async () => {
    const recorded = recordingReporter()
    const { useNullAsDefault, ...config } = db.knexConfig()

    await open(db, (database) => database.readRows(), { knexConfig: config, recorded })

    expect(useNullAsDefault === undefined || useNullAsDefault).toBe(true)
    expect(recorded.events).toEqual([])
  })
})

describe('drivers', () => {
  test('a missing one names the command that installs it', async () => {
    const project = createTempProject({ packages: false })
    project.write('node_modules/knex/package.json', JSON.stringify({ name: 'knex', main: 'knex.js' }))
    project.write('node_modules/knex/knex.js', 'module.exports = () => {}')

    const loading = loadKnex(project.path, 'pg')

    await expect(loading).rejects.toMatchObject({
      code: 'REV_DATABASE_DRIVER_MISSING',
      details: { package: 'pg', install: 'npm install pg' },
    })
  })

  test('better-sqlite3 13 is not even loaded on Node 20', async () => {
    const project = createTempProject({ packages: false })
    project.write('node_modules/knex/package.json', JSON.stringify({ name: 'knex', main: 'knex.js' }))
    project.write('node_modules/knex/knex.js', 'module.exports = () => {}')
    project.write(
      'node_modules/better-sqlite3/package.json',
      JSON.stringify({ name: 'better-sqlite3', version: '13.0.1' }),
    )
    project.write('node_modules/better-sqlite3/index.js', 'process.abort()')

    const loading = loadKnex(project.path, 'better-sqlite3')

    if (Number.parseInt(process.versions.node, 10) >= 22) expect(await loading).toBeTypeOf('function')
    else
      await expect(loading).rejects.toMatchObject({ code: 'REV_DATABASE_DRIVER_UNFIT', details: { version: '13.0.1' } })
  })

  test('a better-sqlite3 12 that would end Node 24 is refused there, and only there', async () => {
    const project = createTempProject({ packages: false })
    project.write('node_modules/knex/package.json', JSON.stringify({ name: 'knex', main: 'knex.js' }))
    project.write('node_modules/knex/knex.js', 'module.exports = () => {}')
    const driver = JSON.stringify({ name: 'better-sqlite3', version: '12.11.1', main: 'index.js' })
    project.write('node_modules/better-sqlite3/package.json', driver)
    project.write('node_modules/better-sqlite3/index.js', '')
    project.write('node_modules/better-sqlite3/build/Release/better_sqlite3.node', 'RemoveEnvironmentCleanupHook')

    const loading = loadKnex(project.path, 'better-sqlite3')

    if (Number.parseInt(process.versions.node, 10) < 24) expect(await loading).toBeTypeOf('function')
    else await expect(loading).rejects.toMatchObject({ code: 'REV_DATABASE_DRIVER_UNFIT' })
  })

  test('the command fits the Node that runs', () => {
    expect(installCommand('better-sqlite3', 20)).toBe('npm install better-sqlite3@12')
    expect(installCommand('better-sqlite3', 22)).toBe('npm install better-sqlite3@13')
  })

  test('the project has its own copy of knex used', async () => {
    const project = createTempProject({ packages: false })
    project.write('node_modules/knex/package.json', JSON.stringify({ name: 'knex', main: 'knex.js' }))
    project.write('node_modules/knex/knex.js', 'module.exports = () => "own"')

    const knex = await loadKnex(project.path, 'something of its own')

    expect(knex({})).toBe('own')
  })

  test('no configuration at all is said so', async () => {
    const context = { ...contextOf({ knexConfig: () => ({}) }), knexConfig: undefined }

    const opening = withDatabase(context, { readOnly: true }, (database) => database.readRows())

    await expect(opening).rejects.toMatchObject({ code: 'REV_DATABASE_NOT_CONFIGURED' })
  })

  test('a SQLite file in a folder that is missing names it', async () => {
    const filename = `${tempDirectory()}/none/dev.sqlite3`

    const error = await failureOf({ client: 'better-sqlite3', connection: { filename } })

    expect(error).toMatchObject({ code: 'REV_DATABASE_CONNECT_FAILED', details: { filename } })
  })
})
