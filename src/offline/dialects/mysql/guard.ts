import { lockNameSql } from '../../../database/lock/get-lock.ts'
import { tablesSql } from '../../../database/preflight.ts'
import { ownTableNames, type TableName } from '../../../database/tables.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { rowsText } from '../../revision-words.ts'
import type { ScriptEnd, ScriptFacts } from '../script-dialect.ts'
import { backslashFaults } from './backslashes.ts'
import { connectionCharset, hasNot } from './connection-charset.ts'
import { GO, LIFT, POISON } from './go-on.ts'
import { projectFaults, readProject } from './meta.ts'
import { FOREIGN_SETTINGS, readSettings } from './settings.ts'
import { execute, fixed, sqlText } from './sql-text.ts'
import { readUnfinished, UNFINISHED } from './unfinished.ts'
import { ROWS_IN_WORDS, readRows, rowsAre } from './version-rows.ts'

/** How long the script waits for the lock of another run, in seconds. */
const LOCK_WAIT = 10
const LONGEST_NAME = 64
const LONGEST_ID = 24
const LONGEST_LIST = 200

/** A fault of the database, and how the guard tells of it; both are SQL. */
interface Fault {
  readonly when: string
  readonly words: string
}

/** What the guard has to know of the whole script. */
type GuardedEnd = Pick<ScriptEnd, 'checks' | 'backslashesIn'>

/** Proves the database, and only then lets the session write. `rows` are all version rows of the way. */
export function guard(facts: ScriptFacts, end: GuardedEnd, rows: readonly string[]): string {
  const { version } = facts.tables
  return [
    '-- Lock, server and version rows are looked at; only if all is as it must be, the session may write.\n',
    `SET @rev_go = NULL, @rev_rows = NULL, @rev_at = NULL, @rev_moment = @@timestamp, @rev_why = 'rev: the database could not be looked at';\n`,
    `SET @rev_lock = ${lockNameSql(version.schema === undefined ? "IFNULL(DATABASE(), '')" : sqlText(version.schema), sqlText(version.name))};\n`,
    `SET @rev_locked = GET_LOCK(@rev_lock, ${LOCK_WAIT});\n`,
    `SET @rev_has = (SELECT COUNT(*) FROM ${columnOf(version)});\n`,
    execute(`IF(@rev_has = 1, ${sqlText(readRows(version))}, 'DO 0')`),
    readSettings(),
    readProject(facts),
    readUnfinished(facts),
    mustBeEmpty(facts) ? `SET @rev_tables = (${otherTables(facts)});\n` : '',
    liftUnless(faultsOf(facts, end, rows), facts),
    `SET @rev_go = IF(@rev_why IS NULL, ${GO}, NULL);\n`,
    // Until here and at the end there must be room for all version rows.
    'SET SESSION group_concat_max_len = @@GLOBAL.group_concat_max_len;\n',
  ].join('')
}

/**
 * Proves no more than whose database it is, where the settings say whose it must be: for a script that makes the version
 * table alone, and that table does no harm anywhere else.
 */
export function guardProject(facts: ScriptFacts): string {
  const faults = projectFaults(facts)
  if (faults.length === 0) return ''
  return [
    '-- Whose database this is; only if it is the right one, the session may write.\n',
    `${POISON};\n`,
    `SET @rev_why = 'rev: the database could not be looked at';\n`,
    readProject(facts),
    liftUnless(faults, facts),
  ].join('')
}

/** The guard has not been passed: a condition of SQL. */
export const HAS_FAULT = '@rev_why IS NOT NULL'

/** Lets the session write, or says which of the faults there is and stops. */
function liftUnless(faults: readonly Fault[], { startRows }: ScriptFacts): string {
  const cases = faults.map(({ when, words }) => `  WHEN ${when}\n    THEN ${words}\n`)
  return [
    `SET @rev_why = CASE\n${cases.join('')}END;\n`,
    // Some modes let CONCAT pass over NULL.
    `SET @rev_why = IF(@rev_why IS NULL, NULL, CONCAT('rev: ', @rev_why));\n`,
    execute(`IF(@rev_why IS NULL, 'DO 0', 'SELECT @rev_why AS rev')`),
    `SET @rev_name = ${shortWords(startRows)};\n`,
    execute(`IF(@rev_why IS NULL, '${LIFT}', CONCAT('SELECT * FROM \`', REPLACE(TRIM(@rev_name), '\`', ''''), '\`'))`),
  ].join('')
}

// Of an error there is little room, and where the database is matters most.
function shortWords(startRows: readonly string[]): string {
  const need = sqlText(`rev: need ${rowsText(startRows).slice(0, LONGEST_ID)}, is `)
  const cut = `IF(CHAR_LENGTH(@rev_why) > ${LONGEST_NAME}, CONCAT(LEFT(@rev_why, ${LONGEST_NAME - 3}), '...'), @rev_why)`
  return `IF(@rev_why LIKE '% is at %', CONCAT(${need}, LEFT(${ROWS_IN_WORDS}, ${LONGEST_ID})), ${cut})`
}

function columnOf(version: TableName): string {
  const schema = version.schema === undefined ? 'DATABASE()' : sqlText(version.schema)
  const table = `table_schema = ${schema} AND table_name = ${sqlText(version.name)}`
  return `information_schema.columns WHERE ${table} AND column_name = 'version_num'`
}

function faultsOf(facts: ScriptFacts, { checks, backslashesIn }: GuardedEnd, rows: readonly string[]): Fault[] {
  const { settings } = facts
  const wanted = connectionCharset(facts)
  const otherCollation = hasNot(wanted)
  const faults: Fault[] = [
    {
      when: 'DATABASE() IS NULL',
      words: `'no database is chosen; name it when the client is started'`,
    },
    {
      when: 'IFNULL(@rev_closed, 1) <> 0',
      words: `'this session is read-only, as a script leaves it that has failed; run this one in a new session'`,
    },
    FOREIGN_SETTINGS,
  ]
  if (otherCollation !== undefined) {
    faults.push({ when: otherCollation, words: `'the server does not know the collation ${wanted.collation}'` })
  }
  if (settings.role !== undefined) {
    faults.push({ when: '@rev_role > 0', words: sqlText(`the role "${fixed(settings.role)}" cannot be taken`) })
  }
  return [
    ...faults,
    ...serverFaults(),
    ...backslashFaults(backslashesIn),
    ...projectFaults(facts),
    ...rowFaults(facts),
    UNFINISHED,
    ...roomFaults(facts, rows),
    ...checks.map(checkFault),
  ]
}

function serverFaults(): Fault[] {
  const isOn = (name: string): string => `CONCAT(@@GLOBAL.${name}) NOT IN ('0', 'OFF')`
  return [
    {
      when: `${isOn('read_only')} OR ${isOn('innodb_read_only')}`,
      words: `'the server is a replica or set read-only (read_only)'`,
    },
    {
      when: 'IFNULL(@rev_locked, 0) <> 1',
      words: `CONCAT('another run holds the lock (connection ', IFNULL(IS_USED_LOCK(@rev_lock), 'unknown'), ')')`,
    },
  ]
}

function rowFaults(facts: ScriptFacts): Fault[] {
  const { startRows } = facts
  const { version } = facts.tables
  const start = `this script starts at ${fixed(rowsText(startRows))}, but database "`
  const but = (what: string, more: string): string =>
    `CONCAT(${sqlText(start)}, DATABASE(), ${sqlText(what)}${more === '' ? '' : `, ${more}`})`
  const none = `" has no table ${fixed(version.text)}`
  const faults: Fault[] = [
    { when: '@rev_has = 1 AND @rev_rows IS NULL', words: sqlText(`the table ${fixed(version.text)} cannot be read`) },
    { when: `@rev_has = 1 AND NOT (${rowsAre(startRows)})`, words: but('" is at ', ROWS_IN_WORDS) },
  ]
  if (startRows.length > 0) faults.unshift({ when: '@rev_has = 0', words: but(none, '') })
  if (mustBeEmpty(facts)) {
    faults.push({
      when: '@rev_has = 0 AND @rev_tables IS NOT NULL',
      words: but(`${none}, but others: `, '@rev_tables'),
    })
  }
  return faults
}

// Which revisions a database has that knows nothing of rev cannot be known.
function mustBeEmpty({ startRows, direction, allowNonEmpty }: ScriptFacts): boolean {
  return startRows.length === 0 && direction === 'upgrade' && !allowNonEmpty
}

/** A query for the names of the tables that make a database not empty, as one text; NULL when there is none. */
function otherTables({ tables, dialect }: ScriptFacts): string {
  const all = (tablesSql(dialect) ?? '').replace(/\s+/g, ' ').replace('?', 'DATABASE()')
  const own = ownTableNames(tables).map(sqlText).join(', ')
  const list = `LEFT(GROUP_CONCAT(name ORDER BY name SEPARATOR ', '), ${LONGEST_LIST})`
  return `SELECT ${list} FROM (${all}) AS all_tables WHERE name NOT IN (${own})`
}

// An id that does not fit would be missed only after the work of its revision.
function roomFaults({ tables: { version } }: ScriptFacts, rows: readonly string[]): Fault[] {
  const longest = rows.reduce((one, other) => (other.length > one.length ? other : one), '')
  if (longest === '') return []
  const room = `(SELECT character_maximum_length FROM ${columnOf(version)})`
  const remedy = `alter table ${version.sql} modify version_num varchar(255) not null`
  const words = `${version.text} has no room for "${longest}" (${longest.length} characters); run once: ${remedy}`
  return [{ when: `@rev_has = 1 AND ${room} < ${longest.length}`, words: sqlText(fixed(words)) }]
}

function checkFault(check: SchemaCheck): Fault {
  const { revision, subject, expression, expected } = check
  const asked = `revision ${revision} asks ${subject}: the script was written for ${expected ?? 'nothing'}, but the database answers `
  return {
    when: `(${answerIs(check)}) = 0`,
    words: `CONCAT(${sqlText(fixed(asked))}, IFNULL((${expression}), 'nothing'))`,
  }
}

/** Whether the database gives the answer that the script was written for. */
export function answerIs({ expression, expected }: SchemaCheck): string {
  if (expected === null) return `(${expression}) IS NULL`
  return `CAST(CONVERT((${expression}) USING utf8mb4) AS BINARY) <=> CAST(${sqlText(expected)} AS BINARY)`
}
