import type { TestProject } from 'vitest/node'
import { addressFromUrl, type ServerAddress, type ServerOrReason } from './server-address.ts'
import { queryMysql, queryPostgres } from './server-connection.ts'
import { startMysql, startPostgres, type ThrowAwayServer } from './throw-away-servers.ts'

/** One kind of server and the ways to get one. */
interface ServerKind {
  readonly title: string
  readonly variable: string
  fromUrl(url: string): ServerAddress
  /** Local servers as they are usually set up, the likeliest first. */
  readonly local: readonly ServerAddress[]
  probe(address: ServerAddress): Promise<unknown>
  start(): Promise<ThrowAwayServer>
}

const loopback = '127.0.0.1'
const postgresLocal = { host: loopback, port: 5432, user: 'postgres', password: '', maintenanceDatabase: 'postgres' }
const mysqlLocal = { host: loopback, port: 3306, user: 'root', password: '', maintenanceDatabase: 'mysql' }

const postgresql: ServerKind = {
  title: 'PostgreSQL',
  variable: 'REV_TEST_POSTGRES_URL',
  fromUrl: (url) => addressFromUrl(url, { port: 5432, user: 'postgres', database: 'postgres' }),
  local: [postgresLocal, { ...postgresLocal, socket: '/var/run/postgresql' }],
  probe: (address) => queryPostgres(address, address.maintenanceDatabase, 'select 1'),
  start: startPostgres,
}

const mysql: ServerKind = {
  title: 'MariaDB/MySQL',
  variable: 'REV_TEST_MYSQL_URL',
  fromUrl: (url) => addressFromUrl(url, { port: 3306, user: 'root', database: 'mysql' }),
  local: [mysqlLocal, { ...mysqlLocal, socket: '/run/mysqld/mysqld.sock' }],
  probe: (address) => queryMysql(address, address.maintenanceDatabase, 'select 1'),
  start: startMysql,
}

/** What was found, kept for the other projects of the same run: each project calls its global setup by itself. */
interface Found {
  readonly servers: Promise<{ postgresql: ServerOrReason; mysql: ServerOrReason }>
  readonly started: ThrowAwayServer[]
  users: number
}
const shared = globalThis as { revTestServers?: Found }

/**
 * Global setup: servers given by `REV_TEST_POSTGRES_URL` and `REV_TEST_MYSQL_URL`, else local ones on the standard
 * ports, else throw-away ones started from installed binaries (with `REV_TEST_FORCE_THROWAWAY=1` always these).
 * Without a server one line says so and its suites are skipped; with `CI=true` the run fails.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = shared.revTestServers ?? findServers()
  shared.revTestServers = found
  found.users += 1
  project.provide('servers', await found.servers)

  return async () => {
    found.users -= 1
    if (found.users > 0) return
    delete shared.revTestServers
    await Promise.all(found.started.map((server) => server.stop()))
  }
}

function findServers(): Found {
  const started: ThrowAwayServer[] = []
  const find = async () => {
    const [first, second] = await Promise.allSettled([findServer(postgresql, started), findServer(mysql, started)])
    if (first.status === 'fulfilled' && second.status === 'fulfilled') {
      return { postgresql: first.value, mysql: second.value }
    }
    // The run ends here, and the one that did start would keep it from ending.
    await Promise.all(started.map((server) => server.stop()))
    throw first.status === 'rejected' ? first.reason : second.status === 'rejected' && second.reason
  }
  return { started, users: 0, servers: find() }
}

async function findServer(kind: ServerKind, started: ThrowAwayServer[]): Promise<ServerOrReason> {
  const url = process.env[kind.variable]
  if (url) {
    const address = kind.fromUrl(url)
    // An address that was asked for and does not answer is a mistake to be shown, not a reason to look elsewhere.
    await kind.probe(address).catch((error) => {
      throw new Error(`${kind.variable} is set, but the server does not answer: ${reasonOf(error)}`)
    })
    return { address }
  }

  if (process.env.REV_TEST_FORCE_THROWAWAY !== '1') {
    for (const address of kind.local) {
      const answered = await kind.probe(address).then(
        () => true,
        () => false,
      )
      if (answered) return { address }
    }
  }

  try {
    const server = await kind.start()
    started.push(server)
    return { address: server.address }
  } catch (error) {
    const missing = `no ${kind.title}: ${kind.variable} is not set, none on its standard port, and none can be started here (${reasonOf(error)})`
    if (process.env.CI === 'true') throw new Error(missing)
    console.error(`${missing}; its suites are skipped`)
    return { missing }
  }
}

/** In one line. */
function reasonOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim()
  return text.length > 300 ? `${text.slice(0, 300)}...` : text
}
