import type { Knex } from 'knex'
import type { DialectFacts } from '../database/dialect.ts'
import type { RevSettings } from '../settings.ts'
import type { SqlFamily } from '../sql/sql-family.ts'

/** How a script is handed to the database's own client; the first line of every script says so. */
export const RUN_WITH: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE',
  mysql: 'mariadb --comments DATABASE < FILE (or mysql; never with --force)',
  sqlite: 'sqlite3 -bail -batch DATABASE < FILE',
}

/** What the session needs, so that the client and Knex's driver mean the same by the same SQL. */
export function preamble(
  family: SqlFamily,
  dialect: DialectFacts,
  config: Knex.Config,
  settings: Pick<RevSettings, 'role'>,
): string[] {
  const role = settings.role === undefined || family === 'sqlite' ? [] : [`SET ROLE ${dialect.quote(settings.role)};`]
  switch (family) {
    case 'postgresql':
      return [
        '\\set ON_ERROR_STOP on',
        "SET client_encoding = 'UTF8';",
        'SET standard_conforming_strings = on;',
        ...role,
        ...searchPath(dialect, config.searchPath),
      ]
    case 'mysql':
      return [
        `SET NAMES utf8mb4 COLLATE ${collation(config)};`,
        // The driver always sets IGNORE_SPACE, and Knex writes backslashes as escapes into defaults and comments.
        "SET SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ',IGNORE_SPACE,'), ',NO_BACKSLASH_ESCAPES,', ','));",
        ...role,
      ]
    case 'sqlite':
      // A pragma of a transaction is ignored, and Knex's rebuild of a table would delete the children of its rows.
      return ['.bail on', 'PRAGMA foreign_keys = OFF;']
  }
}

function searchPath(dialect: DialectFacts, path: string | readonly string[] | undefined): string[] {
  if (path === undefined || path.length === 0) return []
  const schemas = typeof path === 'string' ? [path] : path
  return [`SET search_path TO ${schemas.map((schema) => dialect.quote(schema)).join(', ')};`]
}

// The driver connects with this collation unless it is told another one, and views and triggers remember it.
function collation({ connection }: Knex.Config): string {
  const charset: unknown = typeof connection === 'object' ? (connection as { charset?: unknown }).charset : undefined
  return typeof charset === 'string' && /^utf8mb4_\w+$/i.test(charset) ? charset.toLowerCase() : 'utf8mb4_unicode_ci'
}
