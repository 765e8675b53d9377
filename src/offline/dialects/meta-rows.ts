import { META_FORMAT } from '../../database/meta-table-ddl.ts'
import type { ScriptFacts } from './script-dialect.ts'

/**
 * The rows that a script leaves in the meta table where they are missing: none unless the settings name a project. The
 * format alone is left to the next run of rev: a database without one has the first, so that it says nothing new.
 */
export function metaRows({ project }: ScriptFacts['settings']): (readonly [name: string, value: string])[] {
  if (project === undefined) return []
  return [
    ['format', String(META_FORMAT)],
    ['project', project],
  ]
}
