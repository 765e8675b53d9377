import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { findOwnSchema } from '../own-schema.ts'
import { ownTableNames } from '../tables.ts'
import type { ContentsOfDialect, DatabaseObject, Emptied } from './contents-of-dialect.ts'
import { mysqlContents } from './mysql-contents.ts'
import { postgresContents } from './postgres-contents.ts'
import { sqliteContents } from './sqlite-contents.ts'

const BY_DIALECT: Readonly<Record<string, ContentsOfDialect>> = {
  postgresql: postgresContents,
  mysql: mysqlContents,
  sqlite: sqliteContents,
}
const SYSTEM_SCHEMA: Readonly<Record<string, RegExp>> = {
  postgresql: /^(?:pg_.*|information_schema)$/i,
  mysql: /^(?:mysql|sys|information_schema|performance_schema)$/i,
}

/** Everything in the schemas of a database, with the means to drop it. */
export interface Contents {
  readonly schemas: readonly string[]
  list(): Promise<readonly DatabaseObject[]>
  drop(objects: readonly DatabaseObject[]): Promise<void>
}

/**
 * Opens what is in these schemas; without any, in the connection's own. On SQLite it is always the whole file. Throws
 * REV_LIFE_UNSUPPORTED and REV_LIFE_SYSTEM.
 */
export async function openContents(
  database: Database,
  configured: readonly string[] | undefined,
  command: string,
): Promise<Contents> {
  const { dialect, connection, tables, settings } = database
  const contents = BY_DIALECT[dialect.name]
  if (contents === undefined) throw new RevError('REV_LIFE_UNSUPPORTED', { command, dialect: dialect.name })
  const isFile = dialect.name === 'sqlite'
  const found = configured === undefined || isFile ? await findOwnSchema(connection) : undefined
  const schemas = found === undefined ? (configured ?? []) : [found]
  const own = { schema: tables.version.schema ?? '', names: ownTableNames(tables) }
  for (const name of [...schemas, own.schema])
    if (SYSTEM_SCHEMA[dialect.name]?.test(name))
      throw new RevError('REV_LIFE_SYSTEM', { command, name, kind: 'schema' })
  const emptied: Emptied = { schemas, own, kept: settings.lock === 'lease' ? tables.lock.name : undefined }
  return {
    schemas,
    list: () => contents.list(database, emptied),
    drop: (objects) => contents.drop(database, emptied, objects),
  }
}
