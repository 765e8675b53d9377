import type { Knex } from 'knex'
import { dialectOf } from '../../database/dialect.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { searchPathOf } from '../startup-settings.ts'

/**
 * Statements for the schemas that the project's configuration names: the real database has them without a revision
 * having made them. Only PostgreSQL has schemas in this sense.
 */
export function schemaStatements(
  family: SqlFamily,
  config: Pick<Knex.Config, 'connection' | 'searchPath'>,
  schema: string | undefined,
): string[] {
  if (family !== 'postgresql') return []
  const path = searchPathOf(config) ?? []
  const named = [...path, ...(schema === undefined ? [] : [schema])]
  const missing = new Set(
    named.filter((name) => name !== '' && name !== '$user' && name !== 'public' && !name.startsWith('pg_')),
  )
  const { quote } = dialectOf('pg')
  return [...missing].map((name) => `create schema if not exists ${quote(name)}`)
}
