import { eventRows } from '../../../database/event-rows.ts'
import type { TableName } from '../../../database/tables.ts'
import { packageVersion } from '../../../script/package-version.ts'
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
  const names = (rows[0] ?? []).map((column) => column[0])
  const values = rows.map((row) => `  (${inLines(row.map((column) => column[1]))})`)
  return `INSERT INTO ${table.sql}\n  (${inLines(names)})\nVALUES\n${values.join(',\n')};\n`
}

/** Closes in the log what broke off: who holds the lock knows that nobody else is running. */
export function closeOpenRuns({ sql }: TableName, rows: readonly string[]): string {
  return `-- Runs that broke off, as the one who holds the lock can tell.
INSERT INTO ${sql}
  (run_id, seq, what, outcome, rows_before, rows_after,
   tool_version, database_user, started_at, finished_at)
SELECT run_id, (SELECT max(seq) + 1 FROM ${sql} WHERE run_id = run.run_id), what, 'interrupted', rows_before, ${sqlText(eventRows(rows))},
   ${sqlText(packageVersion())}, session_user, clock_timestamp(), clock_timestamp()
FROM ${sql} AS run WHERE revision IS NULL AND outcome = 'started' AND NOT EXISTS (SELECT FROM ${sql}
  WHERE run_id = run.run_id AND revision IS NULL AND outcome IN ('done', 'failed', 'interrupted'));
`
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
