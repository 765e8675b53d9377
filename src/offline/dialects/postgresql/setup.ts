import { rowsText } from '../../revision-words.ts'
import { nameList, searchPathOf, setStatement, startupSettings } from '../../startup-settings.ts'
import type { ScriptEnd, ScriptFacts } from '../script-dialect.ts'
import { sessionLock } from './limits.ts'
import { sqlText } from './sql-text.ts'

// Longer names are cut by the server.
const LONGEST_NAME = 63

/** Commands of the client, and the settings in which a script and a run mean the same by the same SQL. */
export function setup(facts: ScriptFacts, end: ScriptEnd | undefined, hasLoneSteps: boolean): string {
  const { client, guarded, dialect, settings, knexConfig } = facts
  const lines: string[] = []
  if (client === 'psql') {
    lines.push('\\set ON_ERROR_STOP on')
    // A savepoint around each statement, as some have it in their .psqlrc, would let a step go on after an error.
    lines.push('\\set ON_ERROR_ROLLBACK off')
    // What failed in this session before is not about this script.
    if (guarded && hasLoneSteps) lines.push('\\set LAST_ERROR_SQLSTATE 00000')
  }
  lines.push("SET client_encoding = 'UTF8';", 'SET standard_conforming_strings = on;')
  const lock = sessionLock(facts)
  if (guarded) lines.push(`SET application_name = ${sqlText(nameOf(facts, end))};`)
  if (lock !== undefined) lines.push(lock.trimEnd())
  if (guarded) lines.push('SET statement_timeout = 0;', "SET idle_in_transaction_session_timeout = '5min';")
  // What the driver would ask for when it connects; Knex sets the path itself after that.
  for (const setting of startupSettings(knexConfig)) {
    if (setting.name.toLowerCase() !== 'search_path') lines.push(`${setStatement(setting)};`)
  }
  if (settings.role !== undefined) lines.push(`SET ROLE ${dialect.quote(settings.role)};`)
  const path = searchPathOf(knexConfig)
  if (path !== undefined) lines.push(`SET search_path TO ${nameList(path)};`)
  return lines.map((line) => `${line}\n`).join('')
}

function nameOf({ direction, startRows }: ScriptFacts, end: ScriptEnd | undefined): string {
  const range = end === undefined ? '' : ` ${rowsText(startRows)} -> ${rowsText(end.rows)}`
  return `rev script ${direction}${range}`.replace(/[^ -~]/g, '?').slice(0, LONGEST_NAME)
}
