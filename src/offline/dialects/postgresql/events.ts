import type { TableName } from '../../../database/tables.ts'
import { eventValues, type ScriptEvent } from '../event-values.ts'
import { sqlText } from './sql-text.ts'

/** Gives the run its number, which all its events carry. For PL/pgSQL. */
export const NUMBER_RUN = `PERFORM set_config('rev.run', md5(random()::text || clock_timestamp() || pg_backend_pid())::uuid::text, false);`

/** Notes when a step begins whose statements are not in one transaction. For PL/pgSQL. */
export const NOTE_START = `PERFORM set_config('rev.started', clock_timestamp()::text, false);`

/** When a step began; SQL. A transaction knows by itself. */
export function startOf(step: { readonly transaction: boolean }): string {
  return step.transaction ? 'now()' : `current_setting('rev.started')::timestamptz`
}

/** One row of the event table: the event, its place in the run, and for a step when it began, as SQL. */
export interface NumberedEvent {
  readonly event: ScriptEvent
  readonly seq: number
  readonly start: string | undefined
}

/** Writes the rows as an online run does. */
export function insertEvents(table: TableName, events: readonly NumberedEvent[]): string {
  const rows = events.map(columnsOf)
  const names = (rows[0] ?? []).map(([name]) => name)
  const values = rows.map((row) => `  (${inLines(row.map(([, value]) => value))})`)
  return `INSERT INTO ${table.sql}\n  (${inLines(names)})\nVALUES\n${values.join(',\n')};\n`
}

function columnsOf({ event, seq, start }: NumberedEvent): (readonly [string, string])[] {
  const milliseconds = start === undefined ? 'NULL' : `round(extract(epoch FROM clock_timestamp() - ${start}) * 1000)`
  return [
    ['run_id', `current_setting('rev.run')`],
    ['seq', String(seq)],
    ...eventValues(event, sqlText),
    ['database_user', 'session_user'],
    ['started_at', start ?? 'clock_timestamp()'],
    ['finished_at', event.outcome === 'started' ? 'NULL' : 'clock_timestamp()'],
    ['milliseconds', milliseconds],
  ]
}

// What it is; what it came to; who and when; how long.
function inLines(parts: readonly string[]): string {
  const groups = [parts.slice(0, 5), parts.slice(5, 9), parts.slice(9, 13), parts.slice(13)]
  return groups.map((group) => group.join(', ')).join(',\n   ')
}
