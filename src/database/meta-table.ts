import { RevError } from '../errors/index.ts'
import { findColumns, knowsColumns } from './catalogue.ts'
import { renameProject } from './integrity/repair-sql.ts'
import { META_FORMAT, metaTableDdl } from './meta-table-ddl.ts'
import type { Database } from './open-database.ts'
import { ensureTable } from './version-table.ts'

/** What a database says of itself. */
export interface Meta {
  /** The format of rev's tables as it was recorded; undefined when it was not. */
  readonly format: string | undefined
  /** The project that the database belongs to; undefined when none was recorded. */
  readonly project: string | undefined
}

const NOTHING: Meta = { format: undefined, project: undefined }

/**
 * What is recorded in the meta table; nothing when there is none. Creates nothing. Throws REV_DATABASE_META_TABLE for a
 * table that lacks a column, and REV_DATABASE_QUERY_FAILED.
 */
export async function readMeta(database: Database): Promise<Meta> {
  const { connection, tables, description } = database
  // A SQLite file that is not there, and is not made by reading.
  if (connection.raw === undefined) return NOTHING
  const columns = await findColumns(database, tables.meta)
  if (columns === undefined) return NOTHING
  const found = columns.map(({ name }) => name.toLowerCase())
  const missing = knowsColumns(database) ? ['name', 'value'].filter((name) => !found.includes(name)) : []
  if (missing.length > 0)
    throw new RevError('REV_DATABASE_META_TABLE', { table: tables.meta.text, database: description.text, missing })
  const { rows } = await connection.query(`select name as name, value as value from ${tables.meta.sql}`)
  const valueNamed = (wanted: string): string | undefined => {
    const value = rows.find(({ name }) => name === wanted)?.value
    return value === null || value === undefined ? undefined : String(value)
  }
  return { format: valueNamed('format'), project: valueNamed('project') }
}

/** Whether tables of this format were made by a newer rev. None recorded is the first one. */
export function isNewerFormat({ format }: Meta): boolean {
  return format !== undefined && !(Number(format) <= META_FORMAT)
}

/**
 * Refuses a database that a newer rev wrote, or that belongs to another project, before anything in it is changed. Throws
 * REV_DATABASE_NEWER_FORMAT and REV_DATABASE_OTHER_PROJECT.
 */
export function assertOwn(database: Database, meta: Meta): void {
  const { tables, description, settings, dialect } = database
  const place = { database: description.text, table: tables.meta.text }
  if (meta.format !== undefined && isNewerFormat(meta))
    throw new RevError('REV_DATABASE_NEWER_FORMAT', { ...place, format: meta.format, known: META_FORMAT })
  const { project: recorded } = meta
  const { project: configured } = settings
  if (recorded === undefined || configured === undefined || recorded === configured) return
  const rename = renameProject(dialect, tables.meta, configured)
  throw new RevError('REV_DATABASE_OTHER_PROJECT', { ...place, recorded, configured, rename })
}

/** Says that a database has a project of its own, and these settings name none, so that nothing was compared. */
export function tellProject({ settings, tables, report, description }: Database, { project }: Meta): void {
  if (project === undefined || settings.project !== undefined) return
  const message = `${description.text} belongs to the project "${project}" (${tables.meta.text}), and these settings name none: with project: ${JSON.stringify(project)} under "rev" in the knexfile, a database of another project is refused`
  report({ type: 'notice', code: 'REV_NOTICE_PROJECT', message })
}

/** Creates the meta table when it is missing, and records format and project where they are not. Call it under the lock. */
export async function recordMeta(database: Database, meta: Meta): Promise<void> {
  const { dialect, tables, connection, settings } = database
  await ensureTable(database, tables.meta, metaTableDdl(dialect, tables.meta))
  const record = async (name: string, value: string): Promise<void> => {
    await connection.query(`insert into ${tables.meta.sql} (name, value) values (?, ?)`, [name, value])
  }
  if (meta.format === undefined) await record('format', String(META_FORMAT))
  if (meta.project === undefined && settings.project !== undefined) await record('project', settings.project)
}
