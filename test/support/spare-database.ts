import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Knex } from 'knex'
import { onTestFinished } from 'vitest'
import type { TestDatabase } from './databases.ts'
import { mysqlConnection, pgConnection, queryMysql, queryPostgres } from './server-connection.ts'

/** A name for a database that is not there yet, on the server of another one; gone when the test ends. */
export interface SpareDatabase {
  /** As it is typed for `--yes-i-mean`. */
  readonly name: string
  knexConfig(): Knex.Config
  exists(): Promise<boolean>
}

export function spareDatabase(db: TestDatabase, suffix = ''): SpareDatabase {
  const name = `rev_test_${randomBytes(6).toString('hex')}${suffix}`
  const { address } = db
  if (address === undefined) {
    const folder = join(dirname(db.name), `${name} folder`)
    const file = join(folder, 'deeper', 'spare.sqlite3')
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    return {
      name: file,
      knexConfig: () => ({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true }),
      exists: async () => existsSync(file),
    }
  }
  if (db.dialect === 'postgresql') {
    const { maintenanceDatabase } = address
    const ask = (sql: string) => queryPostgres(address, maintenanceDatabase, sql)
    onTestFinished(async () => void (await ask(`drop database if exists "${name.replaceAll('"', '""')}" with (force)`)))
    return {
      name,
      knexConfig: () => ({ client: 'pg', connection: pgConnection(address, name) }),
      exists: async () => (await ask('select datname from pg_database')).flat().some(({ datname }) => datname === name),
    }
  }
  const ask = (sql: string) => queryMysql(address, undefined, sql)
  onTestFinished(async () => void (await ask(`drop database if exists \`${name.replaceAll('`', '``')}\``)))
  return {
    name,
    knexConfig: () => ({ client: 'mysql2', connection: mysqlConnection(address, name) }),
    exists: async () => (await ask('show databases')).flat().some(({ Database }) => Database === name),
  }
}
