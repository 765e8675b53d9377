import { tablesSql } from '../../../database/preflight.ts'
import { ownTableNames } from '../../../database/tables.ts'
import { asksFor, searchPathOf, startupSettings } from '../../startup-settings.ts'
import type { ScriptEnd, ScriptFacts } from '../script-dialect.ts'
import { NUMBER_RUN } from './events.ts'
import { findHolder, lockKey, releaseLock, takeLock, UNLOCK } from './lock.ts'
import { projectVariables, proveProject } from './meta.ts'
import { COLUMNS_FIRST, LIFT, POISON, refuseAnswer, refuseRows } from './prove.ts'
import { REMEMBER_SESSION } from './session.ts'
import { currentRows, doBlock, fixed, indented, lookUp, refuseIf, sqlText } from './sql-text.ts'

// No version table has ever been narrower.
const ALWAYS_FITS = 32

const WHY = `-- Guard: nothing can be changed until it is proven that this is the right database, in the right place, and that
-- nobody else is at work. When it stops here, nothing was changed; the session stays read-only, so connect anew.
`

/**
 * Makes the session read-only, takes the lock of an online run, proves version rows and answers, and makes the session
 * writable. `longestId` is that of the ids that will be written.
 */
export function guard(facts: ScriptFacts, end: ScriptEnd, longestId: number): string {
  const { version } = facts.tables
  const declarations = [
    `key constant int := ${lockKey(version)};`,
    'holder text;',
    ...(facts.client === 'psql' ? ['foreign_settings text;'] : []),
    `here text[] := '{}';`,
    ...(mustBeEmpty(facts) ? ['tables text[];'] : []),
    'open_revision text;',
    ...projectVariables(facts),
  ]
  return `${WHY}${POISON}${doBlock(
    ...(end.checks.length > 0 ? [COLUMNS_FIRST] : []),
    'DECLARE',
    ...indented('  ', declarations),
    'BEGIN',
    ...proveSession(facts),
    '  -- The lock of an online run. What broke off in this very session may still hold it.',
    ...indented('  ', UNLOCK),
    `  IF NOT ${takeLock('key')} THEN`,
    ...indented('    ', findHolder('holder', 'key')),
    `    RAISE EXCEPTION 'rev: another run holds the lock of database "%" (%)', current_database(), holder;`,
    '  END IF;',
    '  BEGIN',
    ...proveProject(facts),
    ...proveRows(facts),
    ...proveFinished(facts),
    ...proveLength(facts, longestId),
    ...end.checks.flatMap((check) => refuseAnswer('    ', check)),
    '  EXCEPTION WHEN OTHERS THEN',
    `    PERFORM ${releaseLock('key')};`,
    '    RAISE;',
    '  END;',
    `  ${NUMBER_RUN}`,
    `  ${LIFT}`,
    ...(end.changesSession ? indented('  ', REMEMBER_SESSION) : []),
  )}`
}

// What values and names mean by, and what a value becomes as text. A client sends some of it on its own: psql what PGTZ,
// PGDATESTYLE and PGOPTIONS say.
const GIVE_MEANING = [
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'array_nulls',
  'backslash_quote',
  'bytea_output',
  'check_function_bodies',
  'createrole_self_grant',
  'default_table_access_method',
  'default_tablespace',
  'default_text_search_config',
  'default_toast_compression',
  'default_transaction_isolation',
  'event_triggers',
  'extra_float_digits',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'quote_all_identifiers',
  'row_security',
  'search_path',
  'session_replication_role',
  'timezone_abbreviations',
  'transform_null_equals',
  'xmlbinary',
  'xmloption',
]

/** Refuses settings that the driver of an online run would not have sent: without them those of the server hold. */
function proveSettings({ knexConfig }: ScriptFacts): string[] {
  const own = new Set(startupSettings(knexConfig).map(({ name }) => name.toLowerCase()))
  if (searchPathOf(knexConfig) !== undefined) own.add('search_path')
  const names = wrapped(GIVE_MEANING.filter((name) => !own.has(name.toLowerCase())).map(sqlText))
  return [
    '  -- What values mean must not depend on who runs this.',
    `  SELECT string_agg(name, ', ' ORDER BY name COLLATE "C") INTO foreign_settings FROM pg_settings`,
    `  WHERE (source = 'client' OR source = 'session' AND setting <> reset_val) AND name IN (`,
    ...indented('    ', names),
    '  );',
    ...refuseIf('  ', 'foreign_settings IS NOT NULL', {
      message: 'the client has set % for this session, so values and names would not mean what they mean to rev',
      args: ['foreign_settings'],
      hint: 'run psql -X in a session of its own, without PGTZ, PGDATESTYLE and such settings in PGOPTIONS or the connection; what the script needs belongs into the connection of the project',
    }),
  ]
}

function wrapped(items: readonly string[]): string[] {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + item.length < 108) lines[lines.length - 1] = `${last} ${item},`
    else lines.push(`${item},`)
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line.slice(0, -1) : line))
}

/** The script sets it for its own literals; in a run it would be off for those that Knex writes into definitions. */
function proveBackslashes({ knexConfig }: ScriptFacts): string[] {
  const name = 'standard_conforming_strings'
  if (asksFor(knexConfig, name)) return []
  return refuseIf('  ', `'off' = (SELECT reset_val FROM pg_settings WHERE name = '${name}')`, {
    message: `${name} is off in database "%" for this user or session: a run would read backslashes as escapes, and this script does not`,
    args: ['current_database()'],
    hint: `set it on where it is off (the server, ALTER DATABASE, ALTER ROLE, PGOPTIONS), or let the connection of the project ask for it: options "-c ${name}=on"`,
  })
}

function proveSession(facts: ScriptFacts): string[] {
  const { client, tables } = facts
  const standby = `pg_is_in_recovery() OR 'on' = (SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only')`
  const args = ['current_database()']
  const proof = refuseIf('  ', standby, {
    message: 'database "%" takes no writes: it is on a standby, or default_transaction_read_only is on',
    args,
  })
  if (tables.version.schema === undefined) {
    const message = 'database "%" has no schema in the search_path that this user may use'
    proof.push(...refuseIf('  ', 'current_schema() IS NULL', { message, args }))
  }
  proof.push(...proveBackslashes(facts))
  if (client !== 'psql') return proof
  // Within a transaction that is open already, the session would not be read-only.
  const message = 'this script has transactions of its own: run it outside of one, and psql without -1'
  return [
    ...refuseIf('  ', `current_setting('transaction_read_only') = 'off'`, { message }),
    ...proof,
    ...proveSettings(facts),
  ]
}

function proveRows(facts: ScriptFacts): string[] {
  const { version } = facts.tables
  return [
    `    IF ${lookUp(version)} IS NOT NULL THEN`,
    `      here := ${currentRows(version)};`,
    ...(mustBeEmpty(facts) ? proveEmpty(facts) : []),
    '    END IF;',
    ...refuseRows('    ', 'this script', facts.startRows),
  ]
}

/** What the journal of online runs has of a revision that is not finished. */
function proveFinished({ tables: { step } }: ScriptFacts): string[] {
  return [
    `    IF ${lookUp(step)} IS NOT NULL THEN`,
    `      open_revision := (SELECT min(revision) FROM ${step.sql} WHERE state <> 'failed');`,
    ...refuseIf('      ', 'open_revision IS NOT NULL', {
      message: 'revision "%" was begun and is not finished in database "%"',
      args: ['open_revision', 'current_database()'],
      hint: 'rev status says how to go on with it',
    }),
    '    END IF;',
  ]
}

function mustBeEmpty({ direction, startRows, allowNonEmpty }: ScriptFacts): boolean {
  return direction === 'upgrade' && startRows.length === 0 && !allowNonEmpty
}

function proveEmpty({ dialect, tables }: ScriptFacts): string[] {
  const query = (tablesSql(dialect) ?? '').replace('?', () => 'current_schema()').split('\n')
  const own = ownTableNames(tables).map(sqlText).join(', ')
  return [
    '    ELSE',
    '      tables := ARRAY(SELECT name::text FROM (',
    ...query.map((line) => `        ${line.trim()}`),
    `      ) AS t WHERE name NOT IN (${own}));`,
    ...refuseIf('      ', `tables <> '{}'`, {
      message: `database "%" holds % table(s), such as "%", but no version table ${fixed(tables.version.text)}`,
      args: ['current_database()', 'cardinality(tables)', 'tables[1]'],
      hint: 'say where it stands (rev stamp), or run everything on top of it (rev upgrade --allow-non-empty)',
    }),
  ]
}

function proveLength({ tables: { version } }: ScriptFacts, longestId: number): string[] {
  if (longestId <= ALWAYS_FITS) return []
  // The type keeps the length with four bytes of its own.
  const narrow = `attrelid = ${lookUp(version)} AND attname = 'version_num' AND atttypmod BETWEEN 5 AND ${longestId + 3}`
  return refuseIf('    ', `EXISTS (SELECT FROM pg_attribute WHERE ${narrow})`, {
    message: `version table ${fixed(version.text)} has no room for an id of ${longestId} characters`,
    hint: `run once: alter table ${version.sql} alter column version_num type varchar(255)`,
  })
}
