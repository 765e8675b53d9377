import { META_FORMAT, metaTableDdl } from '../../../database/meta-table-ddl.ts'
import { metaRows } from '../meta-rows.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { createIfMissing } from './create-if-missing.ts'
import type { Proofs } from './proofs.ts'
import { DATABASE, sqlText } from './sql-text.ts'
import { askedAs, makeToAsk, standIn } from './stand-in.ts'

/** One thing to be proven: its name, its column in rev_proof, and the condition, which is never NULL. */
type Proof = (what: string, column: string, condition: string) => void

/** What is asked where nothing is recorded, when the settings name a project. */
export function metaWhereMissing({ settings, tables }: ScriptFacts): string {
  return settings.project === undefined ? '' : standIn(tables.meta, 'name TEXT, value TEXT')
}

/**
 * Proves that the database belongs to no other project and was written by no newer rev, where the settings name a
 * project. Gives what has to stand before the proofs: a line that names the other one.
 */
export function proveProject(facts: ScriptFacts, proofs: Proofs, proof: Proof): string {
  const {
    dialect,
    settings,
    tables: { meta },
  } = facts
  const { project } = settings
  if (project === undefined) return ''
  const table = askedAs(meta)
  const valueNamed = (name: string): string => `(SELECT value FROM ${table} WHERE name = '${name}')`
  const other = `the database belongs to another project than "${project}" (see ${meta.text})`
  const own = `ifnull(${valueNamed('project')}, ${sqlText(project)}) = ${sqlText(project)}`
  proof('project', proofs.column('is_of_project', other), own)
  const newer = `the tables of rev have a format that this script does not know (see ${meta.text})`
  const known = `ifnull(${valueNamed('format')}, '${META_FORMAT}') = '${META_FORMAT}'`
  proof('format', proofs.column('is_known', newer), known)
  const make = makeToAsk(meta, metaTableDdl(dialect, meta))
  return `${make}SELECT 'rev: ' || ${DATABASE} || ' belongs to project "' || value || '"'\n  FROM ${table} WHERE name = 'project' AND value <> ${sqlText(project)};\n`
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
