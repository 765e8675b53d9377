import { META_FORMAT, metaTableDdl } from '../../../database/meta-table-ddl.ts'
import { metaRows } from '../meta-rows.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { createIfMissing } from './create-if-missing.ts'
import type { Proofs } from './proofs.ts'
import { DATABASE, sqlText } from './sql-text.ts'

/** One thing to be proven: its name, its column in rev_proof, and the condition, which is never NULL. */
type Proof = (what: string, column: string, condition: string) => void

/**
 * Proves that the database belongs to no other project and was written by no newer rev, where the settings name a
 * project. Gives what has to stand before the proofs: the table, which nothing commits before all is proven.
 */
export function proveProject({ settings, tables, dialect }: ScriptFacts, proofs: Proofs, proof: Proof): string {
  const { project } = settings
  if (project === undefined) return ''
  const { sql, text } = tables.meta
  const valueNamed = (name: string): string => `(SELECT value FROM ${sql} WHERE name = '${name}')`
  const other = `the database belongs to another project than "${project}" (see ${text})`
  const own = `ifnull(${valueNamed('project')}, ${sqlText(project)}) = ${sqlText(project)}`
  proof('project', proofs.column('is_of_project', other), own)
  const newer = `the tables of rev have a format that this script does not know (see ${text})`
  const known = `ifnull(${valueNamed('format')}, '${META_FORMAT}') = '${META_FORMAT}'`
  proof('format', proofs.column('is_known', newer), known)
  const whose = `SELECT 'rev: ' || ${DATABASE} || ' belongs to project "' || value || '"'\n  FROM ${sql} WHERE name = 'project' AND value <> ${sqlText(project)};\n`
  return `${createIfMissing(metaTableDdl(dialect, tables.meta))}${whose}`
}

/** Records whose database it is, where the settings say it and nothing is recorded yet. */
export function recordProject({ dialect, tables, settings }: ScriptFacts): string {
  const rows = metaRows(settings)
  if (rows.length === 0) return ''
  const { sql } = tables.meta
  const inserts = rows.map(
    ([name, value]) =>
      `INSERT INTO ${sql} (name, value) SELECT ${sqlText(name)}, ${sqlText(value)}\n  WHERE NOT EXISTS (SELECT 1 FROM ${sql} WHERE name = ${sqlText(name)});\n`,
  )
  return [createIfMissing(metaTableDdl(dialect, tables.meta)), ...inserts].join('')
}
