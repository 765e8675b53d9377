import { META_FORMAT, metaTableDdl } from '../../../database/meta-table-ddl.ts'
import { metaRows } from '../meta-rows.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { goOnUnlessFailed } from './go-on.ts'
import { execute, fixed, sqlText } from './sql-text.ts'

/** Reads whose database it is into `@rev_whose`, and the format of rev's tables; both NULL where nothing is recorded. */
export function readProject({ settings, tables: { meta } }: ScriptFacts): string {
  if (settings.project === undefined) return ''
  const schema = meta.schema === undefined ? 'DATABASE()' : sqlText(meta.schema)
  const found = `table_schema = ${schema} AND table_name = ${sqlText(meta.name)} AND column_name = 'value'`
  const valueNamed = (name: string): string => `MAX(IF(name = '${name}', value, NULL))`
  const read = `SELECT COUNT(*), ${valueNamed('project')}, ${valueNamed('format')} INTO @rev_metas, @rev_whose, @rev_format FROM ${meta.sql}`
  return [
    'SET @rev_metas = NULL, @rev_whose = NULL, @rev_format = NULL;\n',
    `SET @rev_has_meta = (SELECT COUNT(*) FROM information_schema.columns WHERE ${found});\n`,
    execute(`IF(@rev_has_meta = 1, ${sqlText(read)}, 'DO 0')`),
  ].join('')
}

/** What of it is no database for this script: a condition, and the words for it; both are SQL. */
export function projectFaults({ settings, tables: { meta } }: ScriptFacts): { when: string; words: string }[] {
  const { project } = settings
  if (project === undefined) return []
  const isNot = (variable: string, value: string): string =>
    `CAST(${variable} AS BINARY) <> CAST(${sqlText(value)} AS BINARY)`
  const thisScript = sqlText(`", and this script to "${fixed(project)}"`)
  return [
    {
      when: '@rev_has_meta = 1 AND @rev_metas IS NULL',
      words: sqlText(`the table ${fixed(meta.text)} cannot be read`),
    },
    {
      when: isNot('@rev_whose', project),
      words: `CONCAT('this is the database of project "', @rev_whose, ${thisScript})`,
    },
    {
      when: isNot('@rev_format', String(META_FORMAT)),
      words: `CONCAT('unknown format of the tables of rev: ', @rev_format)`,
    },
  ]
}

/**
 * Records whose database it is, where the settings say it and nothing is recorded yet. Where all is recorded nothing is
 * inserted, not even no row: that would ask for a privilege which a run has no need of.
 */
export function recordProject({ dialect, tables, settings, guarded }: ScriptFacts): string {
  const rows = metaRows(settings)
  if (rows.length === 0) return ''
  const { meta } = tables
  const create = metaTableDdl(dialect, meta).replace(/^create table/, 'CREATE TABLE IF NOT EXISTS')
  const inserts = rows.map(([name, value]) => {
    const found = `(SELECT COUNT(*) FROM ${meta.sql} WHERE name = ${sqlText(name)})`
    const insert = `INSERT INTO ${meta.sql} (name, value) VALUES (${sqlText(name)}, ${sqlText(value)})`
    return execute(`IF(${found} > 0, 'DO 0', ${sqlText(insert)})`)
  })
  return [`${create};\n`, ...inserts].map((sql) => `${sql}${guarded ? goOnUnlessFailed() : ''}`).join('')
}
