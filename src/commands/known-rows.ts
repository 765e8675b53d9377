import type { Database } from '../database/database.ts'
import type { RevisionScripts } from '../script/revision-script.ts'

/** The rows that the files know. The others are told as a notice: a listing goes on without them. */
export function knownRows(database: Database, scripts: RevisionScripts, rows: readonly string[]): readonly string[] {
  const unknown = new Set(scripts.graph.unknownRows(rows))
  if (unknown.size === 0) return rows
  const message = `${database.description.text} is ahead of these files, or on another branch: no file knows ${[...unknown].join(', ')}`
  database.report({ type: 'notice', code: 'REV_NOTICE_UNKNOWN_ROWS', message })
  return rows.filter((row) => !unknown.has(row))
}
