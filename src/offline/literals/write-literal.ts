import type { SqlFamily } from '../../sql/sql-family.ts'
import type { WriteLiteral } from './literal-options.ts'
import { mysqlLiteral } from './mysql.ts'
import { postgresLiteral } from './postgresql.ts'
import { sqliteLiteral } from './sqlite.ts'

const LITERALS: Readonly<Record<SqlFamily, WriteLiteral>> = {
  postgresql: postgresLiteral,
  mysql: mysqlLiteral,
  sqlite: sqliteLiteral,
}

/** How values are written in one family of SQL. */
export function literalWriter(family: SqlFamily): WriteLiteral {
  return LITERALS[family]
}
