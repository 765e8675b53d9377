import { packageVersion } from '../script/package-version.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { comments } from './comment.ts'
import { RUN_WITH } from './preamble.ts'
import type { ScriptParts } from './script-parts.ts'

/** What the script is, in comments: who wrote it, from where to where it goes, and what is in it. */
export function headerOf({ options, recorder, family, versionTable }: ScriptParts): string {
  const { direction, plan, startRows, scripts } = options
  const range = direction === 'ensure-version' ? '' : ` ${rowsText(startRows)} -> ${rowsText(plan.rows)}`
  return comments(
    `${direction}${range}, for ${recorder.dialect.name}, written by rev ${packageVersion()}`,
    `run with: ${RUN_WITH[family]}`,
    `version table: ${versionTable.text}`,
    ...contents(plan.steps, scripts),
  )
}

function contents(steps: ScriptParts['options']['plan']['steps'], scripts: RevisionScripts): string[] {
  if (steps.length === 0) return []
  return [
    `revisions: ${steps.length}`,
    ...steps.map(({ revision }) => {
      const message = messageOf(revision, scripts)
      return `  ${revision}${message === '' ? '' : `  ${message}`}`
    }),
  ]
}

/** The message of a revision; empty for `base`. */
export function messageOf(revision: string, scripts: RevisionScripts): string {
  return scripts.graph.has(revision) ? scripts.get(revision).revision.message : ''
}

/** Version rows as comments show them. */
export function rowsText(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.join(', ')
}
