import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { ownTableNames } from '../tables.ts'
import { dumpMysql } from './dump-mysql.ts'
import { dumpPostgres } from './dump-postgres.ts'
import type { SchemaDump } from './schema-dump.ts'
import { schemaText } from './sqlite-schema-text.ts'

/**
 * The schema of a database as SQL that is the same as long as the schema is, without rev's own tables: by the dump program of
 * the server, on SQLite by rev. Throws REV_LIFE_UNSUPPORTED, REV_LIFE_NO_CLIENT, REV_LIFE_CLIENT_UNFIT, REV_LIFE_DUMP_FAILED.
 */
export async function dumpSchema(database: Database, schemas: readonly string[] | undefined): Promise<SchemaDump> {
  const { name } = database.dialect
  if (name === 'postgresql') return dumpPostgres(database, schemas)
  if (name === 'mysql') return dumpMysql(database, schemas)
  if (name === 'sqlite') return { sql: await dumpSqlite(database), program: undefined }
  throw new RevError('REV_LIFE_UNSUPPORTED', { command: 'db dump', dialect: name })
}

async function dumpSqlite({ connection, tables }: Database): Promise<string> {
  const own = ownTableNames(tables)
  const marks = own.map(() => '?').join(', ')
  // The tables behind a virtual one are made by it.
  const { rows } = await connection.query(
    `select sql from main.sqlite_master
     where sql is not null and substr(name, 1, 7) <> 'sqlite_' and tbl_name not in (${marks})
       and name not in (select name from pragma_table_list where schema = 'main' and type = 'shadow')
     order by case type when 'table' then 1 when 'index' then 2 when 'view' then 3 else 4 end, name`,
    own,
  )
  return rows.map(({ sql }) => `${schemaText(String(sql))};\n`).join('\n')
}
