import type { Knex } from 'knex'
import { type DialectFacts, dialectOf, isKnownClient } from './dialect.ts'

/** Knex's name of a client, also of one that a project built itself from one of Knex's classes. */
export function clientName(client: Knex.Client): string {
  const { config, driverName, dialect } = client as Knex.Client & { driverName?: string; dialect?: string }
  const configured: unknown = config?.client ?? (config as { dialect?: unknown } | undefined)?.dialect
  if (typeof configured === 'string') return configured
  return driverName ?? dialect ?? 'unknown'
}

/** The facts of a configuration that no client was made of yet. */
export function dialectOfConfig(config: Knex.Config): DialectFacts {
  const { client } = config
  if (typeof client !== 'function') return dialectOf(client ?? '')
  const { driverName, dialect } = client.prototype as { driverName?: string; dialect?: string }
  return dialectOf([driverName, dialect].find((name) => name !== undefined && isKnownClient(name)) ?? '')
}

/** The facts of a client; a project's own class goes by what it is built from, and counts as not tested. */
export function dialectOfClient(client: Knex.Client): DialectFacts {
  const name = clientName(client)
  const { dialect } = client as Knex.Client & { dialect?: string }
  if (isKnownClient(name)) return dialectOf(name)
  if (dialect !== undefined && isKnownClient(dialect))
    return { ...dialectOf(dialect), driver: undefined, tested: false }
  return dialectOf(name)
}
