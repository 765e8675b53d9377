import type { PinnedConnection } from '../../database/pinned-connection.ts'
import { splitStatements } from '../../sql/split-statements.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'

type Callback = (error: unknown, ...answer: unknown[]) => void

/** The drivers' own connections, as far as they are used here. */
interface PgConnection {
  query(sql: string, done: Callback): unknown
}
interface MysqlConnection {
  query(sql: string, values: readonly unknown[], done: Callback): unknown
}
interface Sqlite3Connection {
  exec(sql: string, done: Callback): unknown
  all(sql: string, done: Callback): unknown
}
interface BetterSqlite3Connection {
  exec(sql: string): unknown
  prepare(sql: string): { readonly reader: boolean; all(): unknown; run(): unknown }
}

/** Statements as they stand: without Knex, which would put its own numbers in place of a `?`. */
export interface RawStatements {
  /** One statement or several; the first that fails ends it. */
  execute(sql: string): Promise<void>
  /** The answer in the form that Knex keeps as its response. */
  read(sql: string): Promise<unknown>
}

/** Talks to the driver of a pinned connection. Both functions throw the driver's error. */
export function rawStatements({ raw }: PinnedConnection, family: SqlFamily): RawStatements {
  if (family === 'postgresql')
    return oneByOne(family, (sql) => answerOf((done) => (raw as PgConnection).query(sql, done)))
  if (family === 'mysql') return oneByOne(family, (sql) => rowsAndFields(raw as MysqlConnection, sql))
  // better-sqlite3 has no `all` of its own: it answers at once.
  return 'all' in (raw as object) ? sqlite3(raw as Sqlite3Connection) : betterSqlite3(raw as BetterSqlite3Connection)
}

/** A server would take several statements as one transaction, or not at all; the client of a script sends each alone. */
function oneByOne(family: SqlFamily, send: (sql: string) => Promise<unknown>): RawStatements {
  return {
    async execute(sql) {
      for (const { tokens } of splitStatements(sql, family)) {
        await send(tokens.map(({ start, end }) => sql.slice(start, end)).join(''))
      }
    },
    read: send,
  }
}

function rowsAndFields(connection: MysqlConnection, sql: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Values, though none: without them the driver looks for named placeholders.
    connection.query(sql, [], (error, rows, fields) => (error ? reject(error) : resolve([rows, fields])))
  })
}

function sqlite3(connection: Sqlite3Connection): RawStatements {
  return {
    execute: async (sql) => {
      await answerOf((done) => connection.exec(sql, done))
    },
    read: (sql) => answerOf((done) => connection.all(sql, done)),
  }
}

function betterSqlite3(connection: BetterSqlite3Connection): RawStatements {
  return {
    execute: async (sql) => {
      connection.exec(sql)
    },
    read: async (sql) => {
      const statement = connection.prepare(sql)
      return statement.reader ? statement.all() : statement.run()
    },
  }
}

function answerOf(send: (done: Callback) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    send((error, answer) => (error ? reject(error) : resolve(answer)))
  })
}
