import { eventTableDdl } from '../../../database/event-table-ddl.ts'
import { tablesSql } from '../../../database/preflight.ts'
import { ownTableNames, type RevTables, type TableName } from '../../../database/tables.ts'
import { versionTableDdl } from '../../../database/version-table-ddl.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { rowsText as inWords } from '../../revision-words.ts'
import { startedEvent } from '../event-values.ts'
import type { ScriptEnd, ScriptFacts } from '../script-dialect.ts'
import { createIfMissing } from './create-if-missing.ts'
import { insertEvent } from './events.ts'
import { proveProject, recordProject } from './meta.ts'
import { need, type Proofs, prove } from './proofs.ts'
import { DATABASE, sqlText } from './sql-text.ts'
import { isFinished, tellUnfinished, UNFINISHED } from './unfinished.ts'
import { hasTable, isOfMain, isSeen, rowsSql, rowsText } from './version-rows.ts'

const LOCK_FILE = "CASE file WHEN '' THEN ':memory:' ELSE file || '-rev-lock' END"

/**
 * Proves lock, place and answers before anything can be committed; then rev's own tables and the event that the run has
 * begun. `remember` is done in the same transaction, after the proofs.
 */
export function guard(facts: ScriptFacts, { checks }: ScriptEnd, proofs: Proofs, remember: string): string {
  const { tables, startRows, direction, allowNonEmpty } = facts
  const isFromBase = startRows.length === 0
  const lines: string[] = []
  const needs: string[] = []
  const proof = (what: string, column: string, condition: string): void => {
    needs.push(what)
    lines.push(prove(what, column, condition))
  }
  proof(
    'lock',
    proofs.column('has_lock', 'another run of rev, or of a script, has the lock of this database'),
    '(SELECT run_id FROM rev_lock.rev_holder) IS (SELECT run_id FROM rev_script.rev_run)',
  )
  proveSeen(facts, ['version', 'event', 'step'], proofs, proof)
  const whose: string[] = []
  const before = proveProject(facts, proofs, (...it) => {
    needs.push(it[0])
    whose.push(prove(...it))
  })
  lines.push(before, ...whose)
  if (isFromBase) {
    const isEmpty = direction === 'upgrade' && !allowNonEmpty ? isNotStrange(facts) : undefined
    if (isEmpty !== undefined) proof('empty', proofs.column('is_empty', notEmpty(tables.version)), isEmpty)
    lines.push(createIfMissing(versionTableDdl(facts.dialect, tables.version)))
  } else {
    const message = `this script starts at ${inWords(startRows)}, but the database has no version table ${tables.version.text}`
    proof('table', proofs.column('has_table', message), hasTable(tables.version))
  }
  const here = rowsSql(tables.version)
  lines.push(
    `SELECT ${sqlText(`rev: this script starts at ${inWords(startRows)}, but `)} ||\n  ${DATABASE} || ' is at ' || ifnull(rows, 'base')\n`,
    `  FROM (SELECT ${here} AS rows) WHERE rows IS NOT ${rowsText(startRows)};\n`,
  )
  const elsewhere = `this script starts at ${inWords(startRows)}, but the database is not there (see the line above)`
  proof('start', proofs.column('is_at_start', elsewhere), `${here} IS ${rowsText(startRows)}`)
  lines.push(tellUnfinished(facts.dialect, tables.step))
  proof('finished', proofs.column('is_finished', UNFINISHED), isFinished(tables.step))
  for (const check of checks) {
    const column = proofs.column(proofs.numbered('answer'), otherwise(check))
    proof(column, column, answerIs(check))
  }
  return [
    takeLock(),
    `\n${beginProofs(needs)}`,
    ...lines,
    "INSERT INTO rev_script.rev_proof (what) SELECT 'guard'\n",
    '  WHERE NOT EXISTS (SELECT what FROM rev_script.rev_need EXCEPT SELECT what FROM rev_script.rev_proof);\n',
    remember,
    beginRun(facts),
    'COMMIT;\n',
  ].join('')
}

/**
 * Does this where the database belongs to no other project and was written by no newer rev; nothing where the settings
 * name no project: for a script that makes the version table alone, and that table does no harm anywhere else.
 */
export function guardProject(facts: ScriptFacts, proofs: Proofs, then: string): string {
  if (facts.settings.project === undefined) return ''
  const needs: string[] = []
  const lines: string[] = []
  const proof = (...it: Parameters<typeof prove>): void => {
    needs.push(it[0])
    lines.push(prove(...it))
  }
  proveSeen(facts, ['version'], proofs, proof)
  const before = proveProject(facts, proofs, proof)
  return [beginProofs(needs), before, ...lines, then, 'COMMIT;\n'].join('')
}

function beginProofs(needs: readonly string[]): string {
  return [
    '-- Guard. What has to be proven stands in rev_need, and a foreign key lets no COMMIT through before it stands in\n',
    '-- rev_proof, too: a client that goes on after an error stays in a transaction that it cannot commit.\n',
    'BEGIN IMMEDIATE;\n',
    '-- A transaction even where BEGIN has failed.\n',
    'SAVEPOINT rev_guard;\n',
    need(...needs),
  ].join('')
}

/** The table of events where it is missing, and the event that the run has begun. */
export function beginRun(facts: ScriptFacts): string {
  const { dialect, tables } = facts
  return [
    createIfMissing(eventTableDdl(dialect, tables.event)),
    recordProject(facts),
    insertEvent(tables.event, startedEvent(facts), 1, false),
  ].join('')
}

/** Whether the database gives the answer that the script was written for, as SQL. */
export function answerIs({ expression, expected }: SchemaCheck): string {
  return `${expression} IS ${expected === null ? 'NULL' : sqlText(expected)}`
}

/** What is said when it does not. */
export function otherwise({ revision, subject }: SchemaCheck): string {
  return `${revision} was written for a database that answers ${subject} otherwise`
}

// ATTACH itself waits for the lock, and says so by "database is locked". What waits must not read the database itself, not
// even its name: it would keep a shared lock on it, and the run that has the lock could not commit. Nor may it keep one on
// the lock file, as it would in exclusive mode: hence that mode only once the row is written, and before it is committed.
function takeLock(): string {
  return [
    '\n-- The lock of an online run: a file beside the database. "database is locked" means that another run has it.\n',
    `CREATE TABLE rev_script.rev_lock_file AS SELECT ${LOCK_FILE} AS file\n  FROM pragma_database_list WHERE name = 'main';\n`,
    "SELECT 'rev: takes the lock ' || file FROM rev_script.rev_lock_file;\n",
    'ATTACH (SELECT file FROM rev_script.rev_lock_file) AS rev_lock;\n',
    'PRAGMA rev_lock.synchronous = OFF;\n',
    'CREATE TABLE IF NOT EXISTS rev_lock.rev_holder (one INTEGER PRIMARY KEY, run_id TEXT);\n',
    'BEGIN;\n',
    'REPLACE INTO rev_lock.rev_holder SELECT 1, run_id FROM rev_script.rev_run;\n',
    'PRAGMA rev_lock.locking_mode = EXCLUSIVE;\n',
    'COMMIT;\n',
  ].join('')
}

function isNotStrange({ dialect, tables }: ScriptFacts): string | undefined {
  const sql = tablesSql(dialect)
  if (sql === undefined) return undefined
  const own = ownTableNames(tables).map(sqlText).join(', ')
  return `${hasTable(tables.version)} OR NOT EXISTS (\n    SELECT 1 FROM (${sql})\n    WHERE name NOT IN (${own}))`
}

function notEmpty({ text }: TableName): string {
  return `the database holds tables, but no version table ${text}: say where it stands (rev stamp), or run everything on top of it (rev upgrade --allow-non-empty)`
}

/** A temporary table that the session has from before would be taken for one of rev's. */
function proveSeen(
  { tables, settings }: ScriptFacts,
  names: readonly (keyof RevTables)[],
  proofs: Proofs,
  proof: (...it: Parameters<typeof prove>) => void,
): void {
  const asked = settings.project === undefined ? names : [...names, 'meta' as const]
  const seen = asked.map((name) => tables[name]).filter(isOfMain)
  if (seen.length === 0) return
  const message = `a temporary table hides one of ${seen.map(({ text }) => text).join(', ')}`
  proof('seen', proofs.column('are_seen', message), isSeen(seen))
}
