import type { DialectName } from '../../../support/databases.ts'
import type { Operation } from '../history.ts'
import { commonOperations } from './common.ts'
import { handlingOperations } from './handling.ts'
import { mysqlOperations } from './mysql.ts'
import { mysqlCodeOperations } from './mysql-code.ts'
import { mysqlReadingOperations } from './mysql-reads.ts'
import { mysqlRowOperations } from './mysql-rows.ts'
import { mysqlSchemaOperations } from './mysql-schema.ts'
import { postgresqlOperations } from './postgresql.ts'
import { postgresqlCodeOperations } from './postgresql-code.ts'
import { postgresqlReadingOperations } from './postgresql-reads.ts'
import { postgresqlRowOperations } from './postgresql-rows.ts'
import { postgresqlSchemaOperations } from './postgresql-schema.ts'
import { readingOperations } from './reads.ts'
import { rowOperations } from './rows.ts'
import { schemaOperations } from './schema.ts'
import { sqliteOperations } from './sqlite.ts'
import { sqliteReadingOperations } from './sqlite-reads.ts'
import { sqliteRowOperations } from './sqlite-rows.ts'
import { sqliteSchemaOperations } from './sqlite-schema.ts'

const common = [...commonOperations, ...schemaOperations, ...rowOperations, ...handlingOperations]

const own: Readonly<Record<DialectName, readonly Operation[]>> = {
  postgresql: [
    ...postgresqlOperations,
    ...postgresqlSchemaOperations,
    ...postgresqlCodeOperations,
    ...postgresqlRowOperations,
  ],
  mysql: [...mysqlOperations, ...mysqlSchemaOperations, ...mysqlCodeOperations, ...mysqlRowOperations],
  sqlite: [...sqliteOperations, ...sqliteSchemaOperations, ...sqliteRowOperations],
}

const reading: Readonly<Record<DialectName, readonly Operation[]>> = {
  postgresql: postgresqlReadingOperations,
  mysql: mysqlReadingOperations,
  sqlite: sqliteReadingOperations,
}

/** Everything that is written and run on one dialect, each operation building on those before. */
export function operationsOf(dialect: DialectName): readonly Operation[] {
  return [...common, ...own[dialect], ...readingOperations, ...reading[dialect]]
}
