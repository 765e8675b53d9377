import type { TableName } from '../../../database/tables.ts'
import { eventValues, type ScriptEvent } from '../event-values.ts'
import { listed, NOW, sqlText } from './sql-text.ts'

// As UUIDs are written, so that nothing can tell it from the number of an online run.
const UUID = `lower(
  hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
  substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))
)`

/** Gives the run its number. */
export const NUMBER_RUN = `CREATE TABLE rev_script.rev_run AS SELECT ${UUID} AS run_id;\n`

/** The event that begins the run, or one that ends something. `isOfStep` is for what took time. */
export function insertEvent(table: TableName, event: ScriptEvent, seq: number, isOfStep: boolean): string {
  const isStart = event.outcome === 'started'
  const values: readonly (readonly [string, string])[] = [
    ['run_id', 'run_id'],
    ['seq', String(seq)],
    ...eventValues(event, sqlText).filter(([, value]) => value !== 'NULL'),
    ['started_at', isOfStep ? 'started_at' : NOW],
    ...(isStart ? [] : ([['finished_at', NOW]] as const)),
    ...(isOfStep ? ([['milliseconds', MILLISECONDS]] as const) : []),
  ]
  const from = isStart ? 'rev_script.rev_run' : 'rev_script.rev_run, rev_script.rev_begun WHERE is_open'
  const names = listed(
    values.map(([name]) => name),
    '  ',
  )
  const selected = listed(
    values.map(([, value]) => value),
    '    ',
  )
  return `INSERT INTO ${table.sql} (\n${names}\n)\n  SELECT${selected.slice(3)}\n  FROM ${from};\n`
}

const MILLISECONDS = "CAST(round((julianday('now') - julianday(started_at)) * 86400000) AS INTEGER)"
