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

// As in describe-connection: a password may hold what URL would cut at, and the last @ ends the credentials.
const URL_PARTS = /^([a-z][a-z0-9+.-]*:\/\/(?:.*@)?[^@?/]*)(?:\/[^@?]*)?(\?.*)?$/is

function urlTo(url: string, database: string | undefined): string {
  const [, place = url, query = ''] = URL_PARTS.exec(url) ?? []
  return `${place}/${database === undefined ? '' : encodeURIComponent(database)}${query}`
}
