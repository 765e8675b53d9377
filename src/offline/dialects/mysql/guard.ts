import { lockNameSql } from '../../../database/lock/get-lock.ts'
import { tablesSql } from '../../../database/preflight.ts'
import type { TableName } from '../../../database/tables.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { rowsText } from '../../revision-words.ts'
import type { ScriptFacts } from '../script-dialect.ts'
import { GO, LIFT } from './go-on.ts'
import { collationOf } from './setup.ts'
import { execute, fixed, sqlText } from './sql-text.ts'
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

/** Proves the database, and only then lets the session write. `rows` are all version rows of the way. */
export function guard(facts: ScriptFacts, checks: readonly SchemaCheck[], rows: readonly string[]): string {
  const { version } = facts.tables
  const faults = faultsOf(facts, checks, rows)
  const cases = faults.map(({ when, words }) => `  WHEN ${when}\n    THEN ${words}\n`)
  return [
    `SET @rev_go = NULL, @rev_rows = NULL, @rev_at = NULL, @rev_why = 'rev: the database could not be looked at';\n`,
    `SET @rev_lock = ${lockNameSql(schemaSql(version), sqlText(version.name))};\n`,
    `SET @rev_locked = GET_LOCK(@rev_lock, ${LOCK_WAIT});\n`,
    `SET @rev_has = (SELECT COUNT(*) FROM ${columnOf(version)});\n`,
    execute(`IF(@rev_has = 1, ${sqlText(readRows(version))}, 'DO 0')`),
    `SET @rev_why = CONCAT('rev: ', CASE\n${cases.join('')}END);\n`,
    execute(`IF(@rev_why IS NULL, 'DO 0', 'SELECT @rev_why AS rev')`),
    `SET @rev_name = ${shortWords(facts.startRows)};\n`,
    execute(`IF(@rev_why IS NULL, '${LIFT}', CONCAT('SELECT * FROM \`', REPLACE(TRIM(@rev_name), '\`', ''''), '\`'))`),
    `SET @rev_go = IF(@rev_why IS NULL, ${GO}, NULL);\n`,
  ].join('')
}

// Of an error there is little room, and where the database is matters most.
function shortWords(startRows: readonly string[]): string {
  const need = sqlText(`rev: need ${rowsText(startRows).slice(0, LONGEST_ID)}, is `)
  const cut = `IF(CHAR_LENGTH(@rev_why) > ${LONGEST_NAME}, CONCAT(LEFT(@rev_why, ${LONGEST_NAME - 3}), '...'), @rev_why)`
  return `IF(@rev_why LIKE '% is at %', CONCAT(${need}, LEFT(${ROWS_IN_WORDS}, ${LONGEST_ID})), ${cut})`
}

function schemaSql({ schema }: TableName): string {
  return schema === undefined ? `IFNULL(DATABASE(), '')` : sqlText(schema)
}

function columnOf(version: TableName): string {
  const table = `table_schema = ${schemaSql(version)} AND table_name = ${sqlText(version.name)}`
  return `information_schema.columns WHERE ${table} AND column_name = 'version_num'`
}

function faultsOf(facts: ScriptFacts, checks: readonly SchemaCheck[], rows: readonly string[]): Fault[] {
  const { settings, knexConfig } = facts
  const collation = collationOf(knexConfig)
  const faults: Fault[] = [
    {
      when: 'DATABASE() IS NULL',
      words: `'no database is chosen; name it when the client is started'`,
    },
    {
      when: `@@SESSION.collation_connection <> '${collation}'`,
      words: `'the server does not know the collation ${collation}'`,
    },
  ]
  if (settings.role !== undefined) {
    faults.push({ when: '@rev_role > 0', words: sqlText(`the role "${fixed(settings.role)}" cannot be taken`) })
  }
  return [...faults, ...serverFaults(), ...rowFaults(facts), ...roomFaults(facts, rows), ...checks.map(checkFault)]
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

function rowFaults({ startRows, tables, dialect, direction, allowNonEmpty }: ScriptFacts): Fault[] {
  const { version, event } = tables
  const start = fixed(rowsText(startRows))
  const but = (what: string, ...more: readonly string[]): string =>
    `CONCAT(${[sqlText(`this script starts at ${start}, but database "`), 'DATABASE()', sqlText(what), ...more].join(', ')})`
  const none = fixed(`" has no table ${version.text}`)
  const faults: Fault[] = []
  if (startRows.length > 0) faults.push({ when: '@rev_has = 0', words: but(none) })
  faults.push(
    { when: '@rev_has = 1 AND @rev_rows IS NULL', words: sqlText(`the table ${fixed(version.text)} cannot be read`) },
    { when: `@rev_has = 1 AND (${rowsAre(startRows)}) = 0`, words: but('" is at ', ROWS_IN_WORDS) },
  )
  const tablesOf = tablesSql(dialect)
  if (startRows.length === 0 && direction === 'upgrade' && !allowNonEmpty && tablesOf !== undefined) {
    const own = [version.name, event.name].map(sqlText).join(', ')
    const from = `FROM (${tablesOf.replace(/\s+/g, ' ').replace('?', 'DATABASE()')}) AS tables_of WHERE name NOT IN (${own})`
    faults.push({
      when: `@rev_has = 0 AND (SELECT COUNT(*) ${from}) > 0`,
      words: but(
        `${none} and is not empty: `,
        `(SELECT LEFT(GROUP_CONCAT(name SEPARATOR ', '), ${LONGEST_LIST}) ${from})`,
      ),
    })
  }
  return faults
}

// An id that does not fit would be missed only after the work of its revision.
function roomFaults({ tables: { version } }: ScriptFacts, rows: readonly string[]): Fault[] {
  const longest = rows.reduce((one, other) => (other.length > one.length ? other : one), '')
  if (longest === '') return []
  const room = `(SELECT character_maximum_length FROM ${columnOf(version)})`
  const remedy = `alter table ${version.sql} modify version_num varchar(255) not null`
  const words = `revision "${longest}" has ${longest.length} characters, and version_num of ${version.text} has no room for it; run once: ${remedy}`
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
