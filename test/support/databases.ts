import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import createKnex, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { type ClientCommand, mysqlCommand, postgresCommand, sqliteCommand } from './database-clients.ts'
import { dumpDatabase } from './database-dump.ts'
import { type RunResult, run } from './run-cli.ts'
import type { ServerAddress } from './server-address.ts'
import { mysqlConnection, pgConnection, queryMysql, queryPostgres } from './server-connection.ts'

export type DialectName = 'sqlite' | 'postgresql' | 'mysql'

/** A database of its own for one block of tests: empty at first, dropped afterwards. */
export interface TestDatabase {
  readonly dialect: DialectName
  /** `SQLite`, `PostgreSQL` or `MariaDB/MySQL`. */
  readonly title: string
  /** The database's name, random; the file's path on SQLite. */
  readonly name: string
  /** The server it is on; undefined for SQLite. */
  readonly address: ServerAddress | undefined
  /** A fresh object every time, for `createRev`, or for a knexfile through JSON. */
  knexConfig(): Knex.Config
  /** What DATABASE_URL would say; the file on SQLite. */
  url(): string
  /** A second way in, beside rev's own; opened on first use, closed at the end. */
  knex(): Knex
  /** Drops everything in it. */
  empty(): Promise<void>
  /** Names of its tables, sorted; of the connection's own schema. */
  tables(): Promise<string[]>
  /** Schema and rows as text in a fixed order, without the tables whose name matches `ignore` (default: rev's own). */
  dump(options?: { ignore?: RegExp }): Promise<string>
  /** Runs SQL with the real `psql`, `mariadb` or `sqlite3`, which stops at the first error. */
  client(sql: string): Promise<RunResult>
}

/** The parts of a `TestDatabase` in which the dialects differ. */
interface Place {
  readonly dialect: DialectName
  readonly title: string
  readonly name: string
  readonly address: ServerAddress | undefined
  knexConfig(): Knex.Config
  url(): string
  create(): Promise<unknown>
  drop(): Promise<unknown>
  empty(knex: Knex): Promise<unknown>
  command: ClientCommand
}

/**
 * One `describe` for each dialect, each with a database of its own. A dialect without a server is skipped, with the
 * reason in its name.
 */
export function describeEachDialect(
  name: string,
  suite: (db: TestDatabase) => void,
  options: { only?: readonly DialectName[] } = {},
): void {
  const servers = inject('servers')
  const found = {
    sqlite: sqlitePlace(),
    postgresql: 'address' in servers.postgresql ? postgresPlace(servers.postgresql.address) : servers.postgresql,
    mysql: 'address' in servers.mysql ? mysqlPlace(servers.mysql.address) : servers.mysql,
  }
  for (const [dialect, place] of Object.entries(found)) {
    if (options.only && !options.only.some((only) => only === dialect)) continue
    if ('missing' in place) {
      describe.skip(name, () => {
        test(place.missing, () => {})
      })
      continue
    }
    // Two blocks, so that the database is dropped also when the suite's own clearing up fails.
    describe(place.title, () => {
      const { database, close } = openDatabase(place)
      beforeAll(async () => {
        await place.create()
      })
      afterAll(async () => {
        await close()
        await place.drop()
      })
      describe(name, () => suite(database))
    })
  }
}

/** One `describe` with a database on each dialect at the same time; skipped, with the reason in its name, without a server. */
export function describeSideBySide(
  name: string,
  suite: (databases: Readonly<Record<DialectName, TestDatabase>>) => void,
): void {
  const servers = inject('servers')
  const { postgresql, mysql } = servers
  if (!('address' in postgresql) || !('address' in mysql)) {
    const missing = [postgresql, mysql].flatMap((server) => ('missing' in server ? [server.missing] : []))
    describe.skip(name, () => {
      test(missing.join('; '), () => {})
    })
    return
  }
  const places = [sqlitePlace(), postgresPlace(postgresql.address), mysqlPlace(mysql.address)]
  describe(name, () => {
    const opened = places.map((place) => ({ place, ...openDatabase(place) }))
    beforeAll(async () => {
      for (const { place } of opened) await place.create()
    })
    afterAll(async () => {
      for (const { place, close } of opened) {
        await close()
        await place.drop()
      }
    })
    const entries = opened.map(({ database }) => [database.dialect, database])
    suite(Object.fromEntries(entries) as Record<DialectName, TestDatabase>)
  })
}

function openDatabase(place: Place): { database: TestDatabase; close: () => Promise<void> } {
  let opened: Knex | undefined
  const knex = (): Knex => {
    opened ??= createKnex(place.knexConfig())
    return opened
  }
  const close = async () => {
    await opened?.destroy()
    opened = undefined
  }
  const database: TestDatabase = {
    dialect: place.dialect,
    title: place.title,
    name: place.name,
    address: place.address,
    knexConfig: place.knexConfig,
    url: place.url,
    knex,
    empty: async () => {
      await place.empty(knex())
    },
    tables: async () => (await listTables(knex(), place.dialect)).sort(),
    dump: (options = {}) => dumpDatabase(knex(), place.dialect, options.ignore ?? /^rev_/),
    client: (sql) =>
      run(place.command.program, place.command.args, { cwd: tmpdir(), env: place.command.env, input: sql }),
  }
  return { database, close }
}

/** A database of its own on a server that the test has started; drop it before the server ends. */
export async function createDatabaseOn(
  dialect: Exclude<DialectName, 'sqlite'>,
  address: ServerAddress,
): Promise<{ database: TestDatabase; close: () => Promise<void> }> {
  const place = dialect === 'postgresql' ? postgresPlace(address) : mysqlPlace(address)
  await place.create()
  return openDatabase(place)
}

const randomName = (): string => `rev_test_${randomBytes(6).toString('hex')}`

/** A SQLite file at a place that the test has chosen; its folder has to be there. */
export function createSqliteAt(file: string): { database: TestDatabase; close: () => Promise<void> } {
  return openDatabase(sqlitePlace(file))
}

// A folder of its own, because journals and locks lie beside the file.
function sqlitePlace(file = join(tmpdir(), randomName(), 'test.sqlite3')): Place {
  const folder = dirname(file)
  const create = async () => {
    mkdirSync(folder)
  }
  const drop = async () => rmSync(folder, { recursive: true, force: true })
  return {
    dialect: 'sqlite',
    title: 'SQLite',
    name: file,
    address: undefined,
    knexConfig: () => ({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true }),
    url: () => file,
    create,
    drop,
    empty: async (knex) => {
      await knex.destroy()
      await drop()
      await create()
      knex.initialize()
    },
    command: sqliteCommand(file),
  }
}

function postgresPlace(address: ServerAddress): Place {
  const name = randomName()
  const schemas = `select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`
  return {
    dialect: 'postgresql',
    title: 'PostgreSQL',
    name,
    address,
    knexConfig: () => ({ client: 'pg', connection: pgConnection(address, name) }),
    url: () => serverUrl('postgres', address, name, 'host'),
    create: () => queryPostgres(address, address.maintenanceDatabase, `create database ${name}`),
    // FORCE ends what a failed test may have left open.
    drop: () => queryPostgres(address, address.maintenanceDatabase, `drop database if exists ${name} with (force)`),
    empty: async (knex) => {
      const { rows } = await knex.raw<{ rows: { name: string }[] }>(schemas)
      for (const schema of rows) await knex.raw('drop schema ?? cascade', [schema.name])
      await knex.raw('create schema public')
    },
    command: postgresCommand(address, name),
  }
}

function mysqlPlace(address: ServerAddress): Place {
  const name = randomName()
  const create = `create database ${name} character set utf8mb4`
  const drop = `drop database if exists ${name}`
  return {
    dialect: 'mysql',
    title: 'MariaDB/MySQL',
    name,
    address,
    knexConfig: () => ({ client: 'mysql2', connection: mysqlConnection(address, name) }),
    url: () => serverUrl('mysql', address, name, 'socketPath'),
    create: () => queryMysql(address, undefined, create),
    drop: () => queryMysql(address, undefined, drop),
    empty: async () => {
      await queryMysql(address, undefined, drop, create)
    },
    command: mysqlCommand(address, name),
  }
}

function serverUrl(scheme: string, address: ServerAddress, database: string, socketParameter: string): string {
  const password = address.password ? `:${encodeURIComponent(address.password)}` : ''
  const credentials = `${encodeURIComponent(address.user)}${password}`
  if (!address.socket) return `${scheme}://${credentials}@${address.host}:${address.port}/${database}`
  return `${scheme}://${credentials}@localhost/${database}?${socketParameter}=${encodeURIComponent(address.socket)}`
}

async function listTables(knex: Knex, dialect: DialectName): Promise<string[]> {
  if (dialect === 'sqlite') {
    const rows: { name: string }[] = await knex('sqlite_master').where({ type: 'table' }).select('name')
    return rows.map((row) => row.name).filter((name) => !name.startsWith('sqlite_'))
  }
  const schema = dialect === 'postgresql' ? 'current_schema()' : 'database()'
  const rows: { name: string }[] = await knex('information_schema.tables')
    .where('table_schema', knex.raw(schema))
    .select(knex.raw('table_name as name'))
  return rows.map((row) => row.name)
}
