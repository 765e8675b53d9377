import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import { readUrl } from './connection-url.ts'
import { KNOWN_CLIENTS } from './dialect.ts'
import { dialectOfConfig } from './dialect-of-client.ts'

// Where a file is meant, also in quotes and with a folder before it: as the name of a file it would be shown, password and all.
const SERVER_URL = /(?<![a-z0-9+.-])(?!file:|sqlite|better-sqlite3:)[a-z][a-z0-9+.-]+:\/.*@/is
// `/run/postgresql shop` and `socket:/run/postgresql?db=shop`, as pg takes them.
const SOCKET = /^(?:\/|socket:)/i

/**
 * Refuses connection settings with a URL that a driver would cut in the middle of a password: the rest of it would be shown
 * as a host, a database or a parameter. A function is not called. Throws REV_DATABASE_URL_UNREADABLE, and
 * REV_DATABASE_CONFIG_REFUSED for the URL of a server on SQLite; neither shows anything of it.
 */
export function assertClear(connection: unknown, config: Knex.Config): void {
  const { name } = dialectOfConfig(config)
  const client = String(config.client)
  const { connectionString, uri, filename } = fieldsOf(connection)
  if (name === 'sqlite') {
    if (typeof filename !== 'string' || !SERVER_URL.test(filename)) return
    const reason = 'the connection of SQLite is the name of a file, not the URL of a server'
    throw new RevError('REV_DATABASE_CONFIG_REFUSED', { client, reason, known: KNOWN_CLIENTS })
  }
  // A class of the project's own may take other texts.
  const needsUrl = typeof config.client === 'string' && (name === 'postgresql' || name === 'mysql')
  for (const text of [connectionString, uri]) {
    if (typeof text !== 'string' || text === '') continue
    const isClear = readUrl(text)?.isClear ?? (!needsUrl || SOCKET.test(text))
    // pg takes a URL behind a space for the name of a database.
    const isShifted = name === 'postgresql' && /^\s/.test(text)
    if (!isClear || isShifted) throw new RevError('REV_DATABASE_URL_UNREADABLE', { client })
  }
}

function fieldsOf(connection: unknown): Readonly<Record<string, unknown>> {
  if (typeof connection === 'string') return { connectionString: connection, filename: connection }
  return typeof connection === 'object' && connection !== null ? (connection as Record<string, unknown>) : {}
}
