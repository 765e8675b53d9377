import type { Knex } from 'knex'
import type { SqlFamily } from '../../sql/sql-family.ts'

// What decides how values and statements are read. Nothing of where to connect, and as whom, belongs here.
const KEPT: Readonly<Record<SqlFamily, readonly string[]>> = {
  postgresql: ['types', 'parseInputDatesAsUTC'],
  mysql: [
    'charset',
    'timezone',
    'dateStrings',
    'typeCast',
    'decimalNumbers',
    'supportBigNumbers',
    'bigNumberStrings',
    'multipleStatements',
    'jsonStrings',
  ],
  sqlite: [],
}

/** What the project tells its driver about values and statements, so that answers look like those of its database. */
export function driverOptions(family: SqlFamily, connection: Knex.Config['connection']): Record<string, unknown> {
  if (typeof connection !== 'object') return {}
  return Object.fromEntries(Object.entries(connection).filter(([key]) => KEPT[family].includes(key)))
}
