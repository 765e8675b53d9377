import { comments } from './comment.ts'
import type { ScriptEnd } from './dialects/script-dialect.ts'
import { headerOf } from './header.ts'
import type { SchemaCheck } from './reads/schema-read.ts'
import type { ScriptParts } from './script-parts.ts'
import type { RecordedScript } from './script-run.ts'
import { scriptHash } from './script-spool.ts'

/**
 * Puts a recorded script together: header, opening, steps, closing. Everything below the header is hashed first, so that
 * the header can say what it must hash to. `checks` are those of the guard.
 */
export async function composeScript(
  parts: ScriptParts,
  recorded: RecordedScript,
  checks: readonly SchemaCheck[],
): Promise<void> {
  const { job, dialect, body, rows, changesSession, backslashesIn, done, stopsBefore } = recorded
  const { write } = parts.options
  const end: ScriptEnd = { rows, checks, changesSession, backslashesIn }
  const isEmpty = done.length === 0 && stopsBefore === undefined
  const [opening, closing] = isEmpty ? [emptyScript(parts, recorded), ''] : [dialect.opening(end), dialect.closing(end)]
  // A script that a read has ended does not reach its last lines.
  const ending = stopsBefore === undefined ? closing : ''
  const hash = scriptHash().update(`\n${opening}\n`)
  body.hashInto(hash)
  hash.update(ending)
  await write(`${headerOf(parts, recorded, hash.digest('hex'))}\n\n${opening}\n`, job.file)
  for (const piece of body.read()) await write(piece, job.file)
  if (ending !== '') await write(ending, job.file)
}

function emptyScript(_parts: ScriptParts, { job, dialect }: RecordedScript): string {
  if (job.direction === 'ensure-version') return dialect.ensureVersion()
  return `${comments('Nothing to do: this script changes nothing.')}\n`
}
