import { RevError } from '../errors/index.ts'
import type { PinnedConnection } from './pinned-connection.ts'

/** The schema that the connection's unqualified names go to: on MySQL/MariaDB its database, on SQLite `main`. */
export async function findOwnSchema(connection: PinnedConnection): Promise<string | undefined> {
  const sql = OWN_SCHEMA[connection.dialect.name]
  if (sql === undefined) return undefined
  const { rows } = await connection.query(sql)
  const schema = rows[0]?.name
  return typeof schema === 'string' && schema !== '' ? schema : undefined
}

/** The schema of rev's tables. Throws REV_DATABASE_NO_SCHEMA when neither setting nor connection gives one. */
export async function versionSchema(
  connection: PinnedConnection,
  configured: string | undefined,
  database: string,
): Promise<string | undefined> {
  if (configured !== undefined) return configured
  const { name } = connection.dialect
  const own = await findOwnSchema(connection)
  if (own === undefined && OWN_SCHEMA[name] !== undefined) {
    throw new RevError('REV_DATABASE_NO_SCHEMA', { database, dialect: name })
  }
  return own
}

const OWN_SCHEMA: Readonly<Record<string, string>> = {
  postgresql: 'select current_schema() as name',
  cockroachdb: 'select current_schema() as name',
  redshift: 'select current_schema() as name',
  mysql: 'select database() as name',
  mssql: 'select schema_name() as name',
  sqlite: "select 'main' as name",
}
