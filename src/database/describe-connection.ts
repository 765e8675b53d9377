import { isFileScheme, readUrl } from './connection-url.ts'

/** Where a database is, without anything secret: what messages and reports may show. */
export interface DatabaseDescription {
  /** Knex's name of the client. */
  readonly client: string
  readonly host: string | undefined
  readonly port: number | undefined
  readonly database: string | undefined
  readonly user: string | undefined
  /** SQLite only; `:memory:` stays as it is. */
  readonly filename: string | undefined
  /** All of it in a few words: `postgres@db.example:5432/shop`, `./dev.sqlite3`. */
  readonly text: string
}

/** A place, its user and what must never be shown of it, however the connection was written down. */
export interface ConnectionFacts {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
  readonly user?: string | undefined
  readonly filename?: string | undefined
  readonly secrets: readonly string[]
}

// `postgres:/user:password@host`: one slash is missing, and no driver will find anything there, but it was meant as a URL.
const BROKEN_URL = /^(?!file:|sqlite3?:)[a-z][a-z0-9+.-]+:\/?[^:@]*:?(.*)@/is
const SECRET_KEYS = ['password', 'passwd', 'secret', 'token', 'secretAccessKey', 'encryptionKey']

/** Describes a client and what its connection settings say. */
export function toDescription(client: string, facts: ConnectionFacts): DatabaseDescription {
  const { host, port, database, user, filename } = facts
  const place = [host, port].filter((part) => part !== undefined).join(':')
  const address = [user, place].filter((part) => part !== undefined && part !== '').join('@')
  const text = filename ?? ([address, database].filter((part) => part !== undefined && part !== '').join('/') || client)
  return { client, host, port, database, user, filename, text }
}

/**
 * Reads connection settings of any shape: a URL, a SQLite file name, or an object that may itself hold a
 * `connectionString` or `uri`. A function is not called: it gives nothing.
 */
export function readConnection(connection: unknown): ConnectionFacts {
  if (typeof connection === 'string') return readText(connection)
  if (typeof connection !== 'object' || connection === null) return { secrets: [] }
  const settings = connection as Record<string, unknown>
  const url = settings.connectionString ?? settings.uri
  const fromUrl: ConnectionFacts = typeof url === 'string' ? readText(url) : { secrets: [] }
  const named: ConnectionFacts = {
    host: text(settings.socketPath) ?? text(settings.host) ?? text(settings.server),
    port: settings.socketPath === undefined ? number(settings.port) : undefined,
    database: text(settings.database),
    user: text(settings.user) ?? text(settings.userName),
    filename: text(settings.filename),
    secrets: SECRET_KEYS.map((key) => settings[key]).filter((value) => typeof value === 'string' && value !== ''),
  } as ConnectionFacts
  return {
    host: named.host ?? fromUrl.host,
    port: named.port ?? fromUrl.port,
    database: named.database ?? fromUrl.database,
    user: named.user ?? fromUrl.user,
    filename: named.filename ?? fromUrl.filename,
    secrets: [...named.secrets, ...fromUrl.secrets],
  }
}

// Not `new URL`: a password with a bare `#`, `/` or `%` makes it throw or cut in the wrong place, and then the
// password would not be known to be one.
function readText(connection: string): ConnectionFacts {
  const url = readUrl(connection)
  if (url === undefined) {
    const [, password] = BROKEN_URL.exec(connection) ?? []
    return password === undefined ? { filename: connection, secrets: [] } : { secrets: [connection, password] }
  }
  const { scheme, credentials, authority, path, query } = url
  const colon = credentials.indexOf(':')
  const password = colon < 0 ? '' : credentials.slice(colon + 1)
  const user = colon < 0 ? credentials : credentials.slice(0, colon)
  const parameters = new URLSearchParams(query)
  const secrets = [password, ...SECRET_KEYS.map((key) => parameters.get(key) ?? '')].filter((value) => value !== '')
  if (isFileScheme(scheme)) return { filename: decode(`${authority}${path}`), secrets }
  const portAt = /:(\d+)$/.exec(authority)
  return {
    host: decode(portAt ? authority.slice(0, portAt.index) : authority) || parameters.get('host') || undefined,
    port: portAt ? Number(portAt[1]) : undefined,
    database: decode(path.slice(1)) || undefined,
    user: decode(user) || parameters.get('user') || undefined,
    secrets,
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function number(value: unknown): number | undefined {
  const port = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof port === 'number' && Number.isInteger(port) ? port : undefined
}
