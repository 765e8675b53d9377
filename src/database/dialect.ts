/** What rev has to know of a database that Knex speaks to. One row per family; nothing else in rev asks for a client's name. */
export interface DialectFacts {
  /** What revisions see as `context.dialect`. */
  readonly name: string
  /** False where every DDL statement commits by itself. */
  readonly transactionalDdl: boolean
  /** How two runs are kept apart: a lock of the session, a lock file beside the database, or only the compare-and-swap of the version rows. */
  readonly lock: 'advisory' | 'get-lock' | 'sidecar' | 'none'
  /** Quotes one identifier. */
  quote(identifier: string): string
  /** The npm package of the driver. */
  readonly driver: string | undefined
  /** Whether rev's own suite runs on it. */
  readonly tested: boolean
}

const doubleQuoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`
const backquoted = (identifier: string): string => `\`${identifier.replaceAll('`', '``')}\``
const bracketed = (identifier: string): string => `[${identifier.replaceAll(']', ']]')}]`

const postgresql: DialectFacts = {
  name: 'postgresql',
  transactionalDdl: true,
  lock: 'advisory',
  quote: doubleQuoted,
  driver: 'pg',
  tested: true,
}
const mysql: DialectFacts = {
  name: 'mysql',
  transactionalDdl: false,
  lock: 'get-lock',
  quote: backquoted,
  driver: 'mysql2',
  tested: true,
}
const sqlite: DialectFacts = {
  name: 'sqlite',
  transactionalDdl: true,
  lock: 'sidecar',
  quote: doubleQuoted,
  driver: 'better-sqlite3',
  tested: true,
}

const BY_CLIENT: Readonly<Record<string, DialectFacts>> = {
  pg: postgresql,
  postgres: postgresql,
  postgresql,
  pgnative: { ...postgresql, driver: 'pg-native', tested: false },
  'pg-native': { ...postgresql, driver: 'pg-native', tested: false },
  mysql2: mysql,
  mysql: { ...mysql, driver: 'mysql', tested: false },
  mariadb: { ...mysql, driver: 'mariadb', tested: false },
  'better-sqlite3': sqlite,
  sqlite: { ...sqlite, driver: 'sqlite3', tested: false },
  sqlite3: { ...sqlite, driver: 'sqlite3', tested: false },
  cockroachdb: { ...postgresql, name: 'cockroachdb', transactionalDdl: false, lock: 'none', tested: false },
  redshift: { ...postgresql, name: 'redshift', lock: 'none', tested: false },
  mssql: { name: 'mssql', transactionalDdl: true, lock: 'none', quote: bracketed, driver: 'tedious', tested: false },
  oracledb: {
    name: 'oracledb',
    transactionalDdl: false,
    lock: 'none',
    quote: doubleQuoted,
    driver: 'oracledb',
    tested: false,
  },
}

/** The clients that have a row of their own here, as Knex calls them. */
export const KNOWN_CLIENTS: readonly string[] = Object.keys(BY_CLIENT)

/** Whether a client has a row of its own here. */
export function isKnownClient(client: string): boolean {
  return Object.hasOwn(BY_CLIENT, client)
}

/** The facts of a Knex client. An unknown one gets the careful defaults: DDL that commits by itself, no lock, not tested. */
export function dialectOf(client: string): DialectFacts {
  return (
    (isKnownClient(client) ? BY_CLIENT[client] : undefined) ?? {
      name: client,
      transactionalDdl: false,
      lock: 'none',
      quote: doubleQuoted,
      driver: undefined,
      tested: false,
    }
  )
}
