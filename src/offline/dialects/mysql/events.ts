import type { TableName } from '../../../database/tables.ts'
import { eventValues, type ScriptEvent } from '../event-values.ts'
import { sqlText } from './sql-text.ts'

/** Gives the run its number, and says who runs it: the user's name as it was given to the client. */
export const NAME_RUN = `SET @rev_run = UUID(), @rev_user = LEFT(USER(), CHAR_LENGTH(USER()) - LOCATE('@', REVERSE(USER())));\n`

/** Notes when a step begins. */
export const NOTE_START = 'SET @rev_began = UTC_TIMESTAMP(3);\n'

const NOW = 'UTC_TIMESTAMP(3)'
const ELAPSED = `TIMESTAMPDIFF(MICROSECOND, @rev_began, ${NOW}) DIV 1000`
const WHAT = 5
const BROUGHT = 8

/** Writes rows as an online run does; `seq` is the number of the first of them within the run. */
export function insertEvents(table: TableName, events: readonly ScriptEvent[], seq: number): string {
  const rows = events.map((event, index) => columnsOf(event, seq + index))
  const names = (rows[0] ?? []).map(([name]) => name)
  const values = rows.map((row) => `  (${inLines(row.map(([, value]) => value))})`)
  return `INSERT INTO ${table.sql}\n  (${inLines(names)})\nVALUES\n${values.join(',\n')};\n`
}

function columnsOf(event: ScriptEvent, seq: number): (readonly [string, string])[] {
  const isStep = event.revision !== undefined
  return [
    ['run_id', '@rev_run'],
    ['seq', String(seq)],
    ...eventValues(event, sqlText),
    ['database_user', '@rev_user'],
    ['started_at', isStep ? '@rev_began' : NOW],
    ['finished_at', event.outcome === 'started' ? 'NULL' : NOW],
    ['milliseconds', isStep ? ELAPSED : 'NULL'],
  ]
}

// What happened; what it brought; by whom and when.
function inLines(parts: readonly string[]): string {
  const groups = [parts.slice(0, WHAT), parts.slice(WHAT, BROUGHT + 2), parts.slice(BROUGHT + 2)]
  return groups.map((group) => group.join(', ')).join(',\n   ')
}
