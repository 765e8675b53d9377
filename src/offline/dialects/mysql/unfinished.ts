import { SENT_BY_SCRIPT } from '../../../database/step-table-ddl.ts'
import { comments } from '../../comment.ts'
import type { ScriptFacts, ScriptStep } from '../script-dialect.ts'
import { goOnUnlessFailed } from './go-on.ts'
import { execute, sqlText } from './sql-text.ts'

/** Reads into `@rev_open` a revision that a run or a script has left half way; NULL when there is none. */
export function readUnfinished({ tables: { step } }: ScriptFacts): string {
  const schema = step.schema === undefined ? 'DATABASE()' : sqlText(step.schema)
  const found = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ${schema} AND table_name = ${sqlText(step.name)}`
  const read = `SELECT MIN(revision) INTO @rev_open FROM ${step.sql} WHERE state <> 'failed'`
  return `SET @rev_open = NULL;\n${execute(`IF((${found}) = 1, ${sqlText(read)}, 'DO 0')`)}`
}

/** That one is not finished: a condition, and the words for it; both are SQL. */
export const UNFINISHED = {
  when: '@rev_open IS NOT NULL',
  words: `CONCAT('revision ', @rev_open, ' was begun and is not finished; go on with it first: rev upgrade, or rev repair')`,
}

// Whether a CALL took place is what nobody can find out: so it is that somebody has to look.
const SENT = 'call a_script() -- statements of a script, some of them or all'

const NAMES = 'revision, direction, number, state, hash, statement, checksum, run_id, started_at'

/** Notes that something of a step is committed, or is with what commits next: it is half way until `unmark`. */
export function markUnfinished(
  { tables: { step } }: ScriptFacts,
  { revision, direction, checksum }: ScriptStep,
): string {
  const checksumText = checksum === undefined ? 'NULL' : sqlText(checksum)
  const values = [
    sqlText(revision),
    sqlText(direction),
    '1',
    "'running'",
    sqlText(SENT_BY_SCRIPT),
    sqlText(SENT),
    checksumText,
  ]
  const why = comments('From here on something of it is in the database.')
  return `${why}\nINSERT INTO ${step.sql}\n  (${NAMES})\nVALUES\n  (${values.join(', ')}, @rev_run, UTC_TIMESTAMP(3));\n${goOnUnlessFailed()}`
}

/** Takes the note out, in the transaction of the version rows. */
export function unmark({ tables: { step } }: ScriptFacts, { revision, direction }: ScriptStep): string {
  const which = `revision = ${sqlText(revision)} AND direction = ${sqlText(direction)}`
  return `DELETE FROM ${step.sql} WHERE ${which};\n${goOnUnlessFailed()}`
}

/** Fails for a user who may not write these notes; writes none. */
export function tryMarks({ tables: { step } }: ScriptFacts): string {
  const tries = [
    `INSERT INTO ${step.sql} (${NAMES}) SELECT ${NAMES} FROM ${step.sql} WHERE 1 = 0`,
    `DELETE FROM ${step.sql} WHERE revision = '' AND number = 0`,
  ]
  return tries.map((sql) => `${sql};\n${goOnUnlessFailed()}`).join('')
}
