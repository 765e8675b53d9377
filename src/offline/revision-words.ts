import type { RevisionScripts } from '../script/revision-script.ts'

/** The message of a revision; empty for `base`. */
export function messageOf(revision: string, scripts: RevisionScripts): string {
  return scripts.graph.has(revision) ? scripts.get(revision).revision.message : ''
}

/** Version rows as comments show them. */
export function rowsText(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.join(', ')
}
