import type { Knex } from 'knex'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { mysqlSettings } from '../mysql-settings.ts'
import { optionsText, startupSettings } from '../startup-settings.ts'

// What decides how values and statements are read. Nothing of where to connect, and as whom, belongs here.
const KEPT: Readonly<Record<SqlFamily, readonly string[]>> = {
  postgresql: ['types', 'parseInputDatesAsUTC'],
  mysql: [
    'charset',
    'charsetNumber',
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

/**
 * The `options` of a connection to a shadow: the project's settings, before those of the server's own URL; nothing where
 * there are none. Without any of its own the driver takes those of the environment, which are meant for another server.
 */
export function shadowOptions(project: Pick<Knex.Config, 'connection'>, ofServer: unknown): { options?: string } {
  const own = [optionsText(startupSettings(project)), typeof ofServer === 'string' ? ofServer : ''].join(' ')
  if (own.trim() !== '') return { options: own }
  // biome-ignore lint/style/noProcessEnv: the driver looks there, and only what stands in its place keeps it from that.
  return process.env.PGOPTIONS === undefined ? {} : { options: ' ' }
}

/** What the project tells its driver about values and statements, so that answers look like those of its database. */
export function driverOptions(family: SqlFamily, connection: Knex.Config['connection']): Record<string, unknown> {
  if (family !== 'mysql' && typeof connection !== 'object') return {}
  const settings = family === 'mysql' ? mysqlSettings(connection) : (connection ?? {})
  return Object.fromEntries(Object.entries(settings).filter(([key]) => KEPT[family].includes(key)))
}
