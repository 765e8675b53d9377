import { relative, sep } from 'node:path'
import type { RevisionScripts } from '../script/revision-script.ts'

/** The message of a revision; empty for `base`. */
export function messageOf(revision: string, scripts: RevisionScripts): string {
  return scripts.graph.has(revision) ? scripts.get(revision).revision.message : ''
}

/** The file of a revision as a script names it, from the folder of the project; undefined when there is none. */
export function fileOf(
  revision: string,
  { scripts, projectDirectory }: { readonly scripts: RevisionScripts; readonly projectDirectory: string },
): string | undefined {
  const file = scripts.graph.has(revision) ? scripts.get(revision).file : undefined
  return file === undefined ? undefined : relative(projectDirectory, file).split(sep).join('/')
}

/** Version rows as comments show them. */
export function rowsText(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.join(', ')
}

/** What runs just this revision on the database itself; without the target an upgrade would go on behind it. */
export function commandFor(direction: string, revision: string): string {
  return direction === 'upgrade' ? `rev upgrade ${revision}` : `rev ${direction}`
}
