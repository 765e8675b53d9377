import type { RevTables, TableName } from '../../../database/tables.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { rowsText } from '../../revision-words.ts'
import type { ScriptStep, SqlClient } from '../script-dialect.ts'
import { NOTE_START } from './events.ts'
import { LOCK_IS_HELD } from './lock.ts'
import { currentRows, doBlock, fixed, refuseIf, rowsArray, rowsInWords, sqlText } from './sql-text.ts'

/** From here on this session changes nothing, whatever its client does. */
export const POISON = 'SET default_transaction_read_only = on;\n'
/** Takes the poison away again. For PL/pgSQL. */
export const LIFT = `PERFORM set_config('default_transaction_read_only', 'off', false);`
// A proof that holds must not take away a poison that is there because something else has failed.
const POISON_AGAIN = doBlock(
  'BEGIN',
  `  PERFORM set_config('rev.read_only', current_setting('default_transaction_read_only'), false);`,
  `  PERFORM set_config('default_transaction_read_only', 'on', false);`,
)
const LIFT_AGAIN = `PERFORM set_config('default_transaction_read_only', current_setting('rev.read_only'), false);`
/** First line of a block with checks: a name such as "found" is that of a column, not of PL/pgSQL. */
export const COLUMNS_FIRST = '#variable_conflict use_column'

const WHY = '-- Each statement commits by itself, so that all went well until here is proven before the first.\n'
const WHY_PSQL = `${WHY}-- After an error psql makes the session read-only (LAST_ERROR_SQLSTATE), in case that it goes on.\n`

/** Proves within a transaction that this session holds the lock and that the version rows are those before the step. */
export function proveStep({ version }: RevTables, step: ScriptStep, number: number): string {
  return doBlock(...proofOf(version, step, number, [`  LOCK TABLE ${version.sql} IN EXCLUSIVE MODE;`]))
}

/**
 * The same before a step whose statements commit by themselves: the session is read-only until it is proven, because
 * there is no transaction that an error would end.
 */
export function proveLoneStep({ version }: RevTables, step: ScriptStep, number: number, client: SqlClient): string {
  const proof = doBlock(...proofOf(version, step, number, []), `  ${NOTE_START}`, `  ${LIFT}`)
  return `${client === 'psql' ? WHY_PSQL : WHY}${POISON}${proof}`
}

function proofOf(version: TableName, { before }: ScriptStep, number: number, lock: readonly string[]): string[] {
  return [
    'DECLARE',
    '  here text[];',
    'BEGIN',
    ...refuseIf('  ', `NOT ${LOCK_IS_HELD}`, {
      message: `step ${number} is in a session that does not hold the lock of this script (a pooler, or a new connection)`,
    }),
    ...lock,
    `  here := ${currentRows(version)};`,
    ...refuseRows('  ', `step ${number}`, before),
  ]
}

/** Refuses other rows than these in the variable `here`. For PL/pgSQL. */
export function refuseRows(indent: string, what: string, rows: readonly string[]): string[] {
  return refuseIf(indent, `here <> ${rowsArray(rows)}`, {
    message: `${what} starts at ${fixed(rowsText(rows))}, but database "%" is at %`,
    args: ['current_database()', rowsInWords('here')],
  })
}

/** Stops where the database does not answer what the script was written for. */
export function proveAnswer(check: SchemaCheck, inTransaction: boolean): string {
  const lines = [COLUMNS_FIRST, 'BEGIN', ...refuseAnswer('  ', check)]
  return inTransaction ? doBlock(...lines) : proveAlone(lines)
}

/** Stops where the condition holds. */
export function proveFalse(condition: string, message: string, inTransaction: boolean): string {
  const lines = [COLUMNS_FIRST, 'BEGIN', ...refuseIf('  ', condition, { message: fixed(message) })]
  return inTransaction ? doBlock(...lines) : proveAlone(lines)
}

/**
 * Stops where the database takes the bytes of a statement for anything but bytea: online the driver sends them without a
 * type, so a text column gets the characters that they stand for, and from a script it would get the text of a literal.
 */
export function proveBytes(revision: string, statement: string): string[] {
  return [
    COLUMNS_FIRST,
    'DECLARE',
    '  types regtype[];',
    'BEGIN',
    `  EXECUTE ${sqlText(`PREPARE rev_bytes AS ${statement}`)};`,
    `  types := (SELECT parameter_types FROM pg_catalog.pg_prepared_statements WHERE name = 'rev_bytes');`,
    '  DEALLOCATE rev_bytes;',
    `  types := ARRAY(SELECT DISTINCT oid::regtype FROM pg_catalog.pg_type WHERE oid = ANY (types)`,
    `    AND 'bytea'::regtype NOT IN (oid, typbasetype));`,
    ...refuseIf('  ', `types <> '{}'`, {
      message: `revision ${fixed(revision)} binds bytes where database "%" wants %`,
      args: ['current_database()', `array_to_string(types, ', ')`],
      hint: `give a text for a text column: buffer.toString(); or cast the bytes: knex.raw('?::bytea', [buffer])`,
    }),
  ]
}

/** A proof in the midst of statements that commit by themselves: where it fails, the session stays read-only. */
export function proveAlone(lines: readonly string[]): string {
  return `${POISON_AGAIN}${doBlock(...lines, `  ${LIFT_AGAIN}`)}`
}

/** Refuses another answer. For PL/pgSQL. */
export function refuseAnswer(indent: string, check: SchemaCheck): string[] {
  const { revision, subject, sees, expression, expected } = check
  const asks = `revision ${fixed(revision)} asks ${fixed(subject)}`
  const wanted = expected === null ? 'NULL' : sqlText(expected)
  const isOther = `(${expression}) IS DISTINCT FROM ${wanted}`
  if (sees !== 'existence' && expected !== null) {
    // A digest says nothing to anybody.
    const what = sees === 'rows' ? 'rows' : 'columns'
    const message = `${asks}: database "%" answers other ${what} than the script was written for`
    return refuseIf(indent, isOther, { message, args: ['current_database()'] })
  }
  return refuseIf(indent, isOther, {
    message: `${asks}: the script is written for %, but database "%" answers %`,
    args: [sqlText(expected ?? 'nothing'), 'current_database()', `coalesce((${expression})::text, 'nothing')`],
  })
}
