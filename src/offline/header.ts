import { isAbsolute, relative, sep } from 'node:path'
import { knexVersion } from '../database/load-knex.ts'
import { packageVersion } from '../script/package-version.ts'
import type { RevisionScript } from '../script/revision-script.ts'
import { comments } from './comment.ts'
import { fileOf, messageOf, rowsText } from './revision-words.ts'
import { rollbackName } from './script-jobs.ts'
import type { ScriptParts } from './script-parts.ts'
import type { RecordedScript } from './script-run.ts'

const FORMAT = 1

/**
 * What the script is, in comments: who wrote it, from where to where it goes, how to run it, and what is in it. The last
 * line of it holds the hash of everything below.
 */
export function headerOf(parts: ScriptParts, recorded: RecordedScript, hash: string): string {
  const { options, recorder, tables } = parts
  const { job, dialect, done, rows, stopsBefore } = recorded
  const range = job.direction === 'ensure-version' ? '' : ` ${rowsText(job.startRows)} -> ${rowsText(rows)}`
  const lines = [
    `${job.direction}${range}, for ${recorder.dialect.name}, written by rev ${packageVersion()}${withKnex(options)} (script format ${FORMAT})`,
    `run with: ${dialect.runWith}`,
    `version table: ${tables.version.text}`,
    ...dialect.notes,
    ...contents(recorded, options),
  ]
  if (stopsBefore !== undefined) lines.push(`STOPS before ${stopsBefore}, which reads rows: see the end of the script`)
  if (options.withRollback && job.file.kind === 'script' && done.length > 0) {
    lines.push(`way back: ${rollbackName(job.file.name)}`)
  }
  if (options.guard === false) lines.push('NO GUARD: nothing in this script checks where the database is')
  lines.push(`sha256 of everything below this line: ${hash}`)
  return comments(...lines)
}

// Only this database answers a script.
function requirementsOf({ requires }: RevisionScript, direction: string): string[] {
  if (direction !== 'upgrade') return []
  return requires.map(
    ({ database, revision }) => `      REQUIRES ${revision} of the database ${database}: see that it is applied there`,
  )
}

// What is built by Knex depends on it.
function withKnex({ projectDirectory }: ScriptParts['options']): string {
  const version = knexVersion(projectDirectory)
  return version === undefined ? '' : ` with knex ${version}`
}

function contents({ done, job }: RecordedScript, options: ScriptParts['options']): string[] {
  const { scripts, seeds } = options
  if (done.length === 0) return []
  return [
    `${seeds === undefined ? 'revisions' : 'seeds'}: ${done.length}`,
    ...done.flatMap(({ revision, checksum }) => {
      const seed = seeds?.get(revision)
      if (seed) {
        const path =
          seed.file !== undefined && isAbsolute(seed.file) ? relative(options.projectDirectory, seed.file) : seed.file
        const file = path === undefined ? '' : `${path.split(sep).join('/')} `
        return [`  ${revision}`, `      ${file}${checksum ?? ''}`]
      }
      if (!scripts.graph.has(revision)) return [`  ${revision}`]
      const message = messageOf(revision, scripts)
      const file = fileOf(revision, options)
      return [
        `  ${revision}${message === '' ? '' : `  ${message}`}`,
        ...requirementsOf(scripts.get(revision), job.direction),
        ...(checksum === undefined ? [] : [`      ${file === undefined ? '' : `${file} `}${checksum}`]),
      ]
    }),
  ]
}
