import type { Knex } from 'knex'
import type { ConnectionFacts } from './describe-connection.ts'
import type { DialectFacts } from './dialect.ts'

type PgClient = new (settings: object) => { host?: unknown; port?: unknown; database?: unknown; user?: unknown }

/**
 * The place with what the driver takes where the settings say nothing (its defaults, PGHOST and the like): when nothing
 * answers, that is where it was looked for.
 */
export function withDriverDefaults(
  facts: ConnectionFacts,
  client: Knex.Client,
  dialect: DialectFacts,
): ConnectionFacts {
  const { host, port, database, user } = facts
  if (dialect.name === 'mysql') {
    const isSocket = host?.startsWith('/') === true
    return { ...facts, host: host ?? 'localhost', port: port ?? (isSocket ? undefined : 3306) }
  }
  const { Client } = ((client as { driver?: unknown }).driver ?? {}) as { Client?: PgClient }
  if (dialect.name !== 'postgresql' || typeof Client !== 'function') return facts
  // Only made, never connected.
  const taken = new Client(JSON.parse(JSON.stringify({ host, port, database, user })))
  return {
    ...facts,
    host: host ?? text(taken.host),
    port: port ?? (typeof taken.port === 'number' ? taken.port : undefined),
    database: database ?? text(taken.database),
    user: user ?? text(taken.user),
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
