import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { findOwnSchema } from '../own-schema.ts'
import { ownTableNames } from '../tables.ts'
import { mysqlContents } from './mysql-contents.ts'
import { postgresContents } from './postgres-contents.ts'
import { sqliteContents } from './sqlite-contents.ts'

/** Something in a database that can be dropped by itself. */
export interface DatabaseObject {
  /** `table`, `view`, `sequence`, `type`, `function` and the like. */
  readonly kind: string
  readonly schema: string
  /** Of a routine with the types of its arguments, where the database tells routines apart by them. */
  readonly name: string
}

/** What is to be emptied. */
export interface Emptied {
  readonly schemas: readonly string[]
  /** rev's own tables, which go along wherever they are. */
  readonly own: { readonly schema: string; readonly names: readonly string[] }
  /** A table that carries the lock of this very run; it stays. */
  readonly kept: string | undefined
}

/** How one dialect lists and drops. */
export interface ContentsOfDialect {
  list(database: Database, emptied: Emptied): Promise<readonly DatabaseObject[]>
  /** Drops all of them, or none where the database can do that. Throws REV_LIFE_OUTSIDE. */
  drop(database: Database, emptied: Emptied, objects: readonly DatabaseObject[]): Promise<void>
}

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
