import type { DialectFacts } from '../database/dialect.ts'
import { RevError } from '../errors/index.ts'
import { type SqlFamily, sqlFamilyOf } from '../sql/sql-family.ts'

/** How the SQL of a script for this dialect is written. Throws REV_OFFLINE_DIALECT for one that scripts do not know. */
export function familyOf(dialect: DialectFacts): SqlFamily {
  const family = sqlFamilyOf(dialect.name)
  if (family === undefined) throw new RevError('REV_OFFLINE_DIALECT', { dialect: dialect.name })
  return family
}
