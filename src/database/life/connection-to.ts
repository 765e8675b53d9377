import { readUrl } from '../connection-url.ts'

/**
 * The same connection settings, of any shape that Knex takes, for another database of the same server; undefined for none.
 * A function is called when the connection is opened, as before.
 */
export function connectionTo(connection: unknown, database: string | undefined): unknown {
  if (typeof connection === 'string') return urlTo(connection, database)
  if (typeof connection === 'function') {
    return async (...args: unknown[]) => connectionTo(await connection(...args), database)
  }
  if (typeof connection !== 'object' || connection === null) return { database }
  const { connectionString, uri, ...settings } = connection as Record<string, unknown>
  return {
    ...settings,
    ...(typeof connectionString === 'string' ? { connectionString: urlTo(connectionString, database) } : {}),
    ...(typeof uri === 'string' ? { uri: urlTo(uri, database) } : {}),
    database,
  }
}

// One that is not clear is refused where it is opened, as it is.
function urlTo(text: string, database: string | undefined): string {
  const url = readUrl(text)
  if (url === undefined || !url.isClear) return text
  const { scheme, credentials, authority, query } = url
  const place = credentials === '' ? authority : `${credentials}@${authority}`
  return `${scheme}://${place}/${database === undefined ? '' : encodeURIComponent(database)}${query}`
}
