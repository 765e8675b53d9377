import { eventTableColumns } from '../../../database/event-table-ddl.ts'
import { stepTableDdl } from '../../../database/step-table-ddl.ts'
import { schemaDdl, versionTableDdl } from '../../../database/version-table-ddl.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { goOnUnlessFailed } from './go-on.ts'
import { execute, sqlText } from './sql-text.ts'

/** Creates the version table, and its schema, where they are missing. */
export function createVersionTable({ dialect, tables, guarded }: ScriptFacts): string {
  const { version } = tables
  const proof = guarded ? goOnUnlessFailed() : ''
  const table = `${versionTableDdl(dialect, version).replace(/^create table/, 'CREATE TABLE IF NOT EXISTS')};\n${proof}`
  const schema = version.schema === undefined ? undefined : schemaDdl(dialect, version.schema)
  if (version.schema === undefined || schema === undefined) return table
  // Who has no privilege for it may still use one that is there.
  const found = `(SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = ${sqlText(version.schema)})`
  return `${execute(`IF(${found} > 0, 'DO 0', ${sqlText(schema)})`)}${proof}${table}`
}

/** Creates the table of unfinished steps where it is missing. */
export function createStepTable({ dialect, tables }: ScriptFacts): string {
  const table = stepTableDdl(dialect, tables.step).replace(/^create table/, 'CREATE TABLE IF NOT EXISTS')
  return `${table};\n${goOnUnlessFailed()}`
}

/** Creates the event table where it is missing. */
export function createEventTable({ dialect, tables, guarded }: ScriptFacts): string {
  const { event } = tables
  const columns = eventTableColumns(dialect, event)
  const text = `CREATE TABLE IF NOT EXISTS ${event.sql} (\n  ${columns.join(',\n  ')}\n) DEFAULT CHARACTER SET utf8mb4;\n`
  return `${text}${guarded ? goOnUnlessFailed() : ''}`
}
