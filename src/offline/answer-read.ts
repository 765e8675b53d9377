import type { QueryObject } from '../database/handle/knex-internals.ts'
import type { StatementGate } from '../database/handle/statement-gate.ts'
import { RevError } from '../errors/index.ts'
import { idsIn } from './borrowed-ids.ts'
import { borrowedName } from './borrowed-name.ts'
import { fingerprintOf } from './reads/fingerprint.ts'
import type { SchemaRead } from './reads/schema-read.ts'
import { subjectOf } from './reads/subject.ts'
import type { RevisionPlace } from './recorded-revision.ts'
import { fileOf } from './revision-words.ts'
import type { ScriptRun } from './script-run.ts'
import { shadowFailure } from './script-shadow.ts'

/**
 * Has the shadow answer a read of the schema, at its place among the statements, and puts a check into the script: it
 * stops where the database would have answered otherwise. Throws REV_OFFLINE_UNCHECKABLE_READ and the errors of the shadow.
 */
export function answerRead(
  run: ScriptRun,
  read: SchemaRead,
  { sql: query }: QueryObject,
  place: RevisionPlace,
): Promise<unknown> {
  const { sink, shadow, dialect, parts, checks } = run
  const neededBy = { ...place, query }
  const atStart = sink.statements === 0 && run.done.length === 0
  return sink.here(async (put) => {
    const ready = await shadow.get(neededBy)
    const response = await ready.read(read.sql).catch((error: unknown) => {
      throw shadowFailure(parts, error, place, query, ready)
    })
    run.borrowedName ??= borrowedName(ready, read.sql, response, parts.family)
    if (parts.family === 'postgresql') for (const id of idsIn(response)) run.borrowedIds.add(id)
    const expression = fingerprintOf(read, parts.family, response)
    if (expression === undefined) throw new RevError('REV_OFFLINE_UNCHECKABLE_READ', { ...place, query })
    const expected = await ready.scalar(`SELECT ${expression}`)
    const check = { revision: place.revision, subject: subjectOf(read), sees: read.sees, expression, expected }
    if (!checks.has(expression)) checks.set(expression, { check, atStart, neededBy })
    // What is asked before the first statement is proven by the guard.
    if (!atStart) put(dialect.check(check))
    return response
  })
}

/** Refuses a read of rows, which may end the script before this revision. Throws always. */
export function refuseRead(
  run: ScriptRun,
  gate: StatementGate,
  { sql }: QueryObject,
  place: RevisionPlace,
  resultOnly: boolean,
): never {
  const { direction } = run.job
  const work = direction === 'downgrade' || direction === 'seed' ? direction : 'upgrade'
  const details = { query: sql, resultOnly, work } as const
  if (run.parts.options.onDataRead === 'comment') {
    // In a script, which is the same wherever it is written.
    const file = fileOf(place.revision, run.parts.options)
    run.endedBy = new RevError('REV_OFFLINE_READ', { ...place, file, ...details }).message
  }
  throw gate.violate(new RevError('REV_OFFLINE_READ', { ...place, ...details }))
}
