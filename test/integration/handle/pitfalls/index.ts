import type { DialectName } from '../../../support/databases.ts'
import { commonPitfalls } from './common.ts'
import { mysqlOnlinePitfalls, mysqlPitfalls } from './mysql.ts'
import type { Pitfall } from './pitfall.ts'
import { postgresqlPitfalls } from './postgresql.ts'
import { sqlitePitfalls } from './sqlite.ts'

const OWN: Readonly<Record<DialectName, readonly Pitfall[]>> = {
  postgresql: postgresqlPitfalls,
  mysql: mysqlPitfalls,
  sqlite: sqlitePitfalls,
}

/** What is the same online and in a script. */
export function pitfallsOf(dialect: DialectName): readonly Pitfall[] {
  return [...commonPitfalls, ...OWN[dialect]]
}

/** What a script has no part in. */
export function onlinePitfallsOf(dialect: DialectName): readonly Pitfall[] {
  return dialect === 'mysql' ? mysqlOnlinePitfalls : []
}
