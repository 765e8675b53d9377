import type { RowDataPacket } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import type { ServerAddress } from './server-address.ts'

export type Row = Record<string, unknown>

/** Settings for `pg`, for one database of the server. */
export function pgConnection(address: ServerAddress, database = address.maintenanceDatabase) {
  return {
    host: address.socket ?? address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    database,
  }
}

/** Settings for `mysql2`, for one database of the server. */
export function mysqlConnection(address: ServerAddress, database: string | undefined = address.maintenanceDatabase) {
  return {
    ...(address.socket ? { socketPath: address.socket } : { host: address.host, port: address.port }),
    user: address.user,
    password: address.password,
    ...(database ? { database } : {}),
  }
}

/** Runs statements on a PostgreSQL connection of its own and gives the rows of each. */
export async function queryPostgres(address: ServerAddress, database: string, ...sql: string[]): Promise<Row[][]> {
  const client = new Client({ ...pgConnection(address, database), connectionTimeoutMillis: 5000 })
  // A server that goes away while the connection idles would otherwise end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    const results: Row[][] = []
    for (const statement of sql) results.push((await client.query<Row>(statement)).rows)
    return results
  } finally {
    await client.end()
  }
}

/** Runs statements on a MySQL or MariaDB connection of its own and gives the rows of each. */
export async function queryMysql(
  address: ServerAddress,
  database: string | undefined,
  ...sql: string[]
): Promise<Row[][]> {
  const connection = await createConnection({ ...mysqlConnection(address, database), connectTimeout: 5000 })
  try {
    const results: Row[][] = []
    for (const statement of sql) {
      const [rows] = await connection.query<RowDataPacket[]>(statement)
      results.push(Array.isArray(rows) ? rows : [])
    }
    return results
  } finally {
    await connection.end()
  }
}
