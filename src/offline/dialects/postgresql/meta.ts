import { META_FORMAT } from '../../../database/meta-table-ddl.ts'
import { metaRows } from '../meta-rows.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { createMissing } from './own-tables.ts'
import { fixed, lookUp, refuseIf, sqlText } from './sql-text.ts'

/** The variables of `proveProject`. For PL/pgSQL. */
export function projectVariables({ settings }: ScriptFacts): string[] {
  return settings.project === undefined ? [] : ['whose text;', 'format text;']
}

/** Refuses a database of another project, or one that a newer rev wrote, where the settings name a project. For PL/pgSQL. */
export function proveProject({ settings, tables: { meta } }: ScriptFacts): string[] {
  const { project } = settings
  if (project === undefined) return []
  const args = ['current_database()']
  return [
    `    IF ${lookUp(meta)} IS NOT NULL THEN`,
    `      whose := (SELECT value FROM ${meta.sql} WHERE name = 'project');`,
    ...refuseIf('      ', `whose <> ${sqlText(project)}`, {
      message: `database "%" belongs to project "%", and this script to "${fixed(project)}"`,
      args: [...args, 'whose'],
      hint: `connect to the right database; what ${meta.text} says is changed by hand, and only when a project was renamed`,
    }),
    `      format := (SELECT value FROM ${meta.sql} WHERE name = 'format');`,
    ...refuseIf('      ', `format <> '${META_FORMAT}'`, {
      message: 'in database "%" the tables of rev have format %, which this script does not know',
      args: [...args, 'format'],
    }),
    '    END IF;',
  ]
}

/**
 * Records whose database it is, where the settings say it and nothing is recorded yet. Lines of PL/pgSQL. Where all is
 * recorded nothing is inserted, not even no row: that would ask for a privilege which a run has no need of.
 */
export function recordProject({ dialect, tables, settings }: ScriptFacts): string[] {
  const rows = metaRows(settings)
  if (rows.length === 0) return []
  const { sql } = tables.meta
  return [
    ...createMissing(dialect, tables, 'meta'),
    ...rows.flatMap(([name, value]) => [
      `  IF NOT EXISTS (SELECT FROM ${sql} WHERE name = ${sqlText(name)}) THEN`,
      `    INSERT INTO ${sql} (name, value) VALUES (${sqlText(name)}, ${sqlText(value)});`,
      '  END IF;',
    ]),
  ]
}
