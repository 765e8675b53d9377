import type { Knex } from 'knex'

type Settings = Readonly<Record<string, unknown>>

/**
 * The settings of a connection to MySQL or MariaDB as its driver reads them, whether it is a URL, an object, or an object
 * with a `uri`; none where they are computed.
 */
export function mysqlSettings(connection: Knex.Config['connection']): Settings {
  // Knex takes the last of several, and mysql2 in its own `uri` the first.
  if (typeof connection === 'string') return Object.fromEntries(settingsIn(connection))
  if (typeof connection !== 'object' || connection === null) return {}
  const settings: Settings = { ...connection }
  if (typeof settings.uri !== 'string') return settings
  const own = Object.entries(settings).filter(([, value]) => Boolean(value))
  return { ...settings, ...Object.fromEntries(settingsIn(settings.uri).reverse()), ...Object.fromEntries(own) }
}

function settingsIn(url: string): [string, unknown][] {
  const [, query] = /\?([^#]*)/.exec(url) ?? []
  // Knex leaves values alone where the protocol is the name of the driver.
  const isPlain = /^mysql2:/i.test(url)
  return [...new URLSearchParams(query)].map(([name, text]) => [name, isPlain ? text : fromJson(text)])
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
