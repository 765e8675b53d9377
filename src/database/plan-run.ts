import { RevError } from '../errors/index.ts'
import type { Plan } from '../graph/plan-types.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { Database } from './open-database.ts'
import type { RunOptions } from './run-result.ts'

/** The plan from these rows, with the rows that no file knows refused first. */
export function planRun(database: Database, options: RunOptions, rows: readonly string[]): Plan {
  if (options.purge !== true) assertRowsKnown(database, options.scripts, rows)
  return options.plan(rows)
}

/**
 * Refuses rows that no file knows: the database is ahead of these files, or on another branch. Throws
 * REV_DATABASE_UNKNOWN_ROW with the table, the directories, the database and the ways out.
 */
export function assertRowsKnown(database: Database, scripts: RevisionScripts, rows: readonly string[]): void {
  const unknown = scripts.graph.unknownRows(rows)
  if (unknown.length === 0) return
  throw new RevError('REV_DATABASE_UNKNOWN_ROW', {
    rows: unknown,
    table: database.tables.version.text,
    database: database.description.text,
    directories: scripts.directories,
  })
}

/** Whether two lists hold the same rows; their order means nothing. */
export function sameRows(one: readonly string[], other: readonly string[]): boolean {
  const rows = new Set(one)
  return rows.size === new Set(other).size && other.every((row) => rows.has(row))
}
