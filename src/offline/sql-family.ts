import type { DialectFacts } from '../database/dialect.ts'
import { RevError } from '../errors/index.ts'

/** The three ways of writing SQL that scripts know. */
export type SqlFamily = 'postgresql' | 'mysql' | 'sqlite'

const FAMILIES: Readonly<Record<string, SqlFamily>> = {
  postgresql: 'postgresql',
  cockroachdb: 'postgresql',
  redshift: 'postgresql',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

/** How a dialect's SQL is written. Throws REV_OFFLINE_DIALECT for one that scripts do not know. */
export function familyOf(dialect: DialectFacts): SqlFamily {
  const family = FAMILIES[dialect.name]
  if (family === undefined) throw new RevError('REV_OFFLINE_DIALECT', { dialect: dialect.name })
  return family
}
