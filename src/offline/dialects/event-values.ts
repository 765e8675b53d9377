import { packageVersion } from '../../script/package-version.ts'
import type { ScriptFacts, ScriptStep, StepEnd } from './script-dialect.ts'

/** A row of the event table as far as it is known when the script is written. */
export interface ScriptEvent {
  readonly what: ScriptFacts['direction']
  /** Undefined for the rows that begin and end the run. */
  readonly revision: string | undefined
  readonly outcome: 'started' | 'done'
  readonly rowsBefore: readonly string[]
  readonly rowsAfter: readonly string[]
  readonly checksum: string | undefined
  readonly statements: number | undefined
  readonly reason: string | undefined
}

/** The event that the run has begun. */
export function startedEvent({ direction, startRows, reason }: ScriptFacts): ScriptEvent {
  return {
    what: direction,
    revision: undefined,
    outcome: 'started',
    rowsBefore: startRows,
    rowsAfter: startRows,
    checksum: undefined,
    statements: undefined,
    reason,
  }
}

/** The event of a step, and after the last one that of the run. */
export function doneEvents(
  { direction, reason }: ScriptFacts,
  step: ScriptStep,
  { statements, last }: StepEnd,
): ScriptEvent[] {
  const { revision, checksum, before, after } = step
  const outcome = 'done'
  const rowsAfter = after
  const ofStep: ScriptEvent = {
    what: step.direction,
    revision,
    outcome,
    rowsBefore: before,
    rowsAfter,
    checksum,
    statements,
    reason,
  }
  if (last === undefined) return [ofStep]
  const { rowsBefore } = last
  const none = undefined
  return [
    ofStep,
    { what: direction, revision: none, outcome, rowsBefore, rowsAfter, checksum: none, statements: none, reason },
  ]
}

const COLUMNS = [
  'what',
  'revision',
  'outcome',
  'rows_before',
  'rows_after',
  'checksum',
  'statements',
  'tool_version',
] as const

/**
 * The columns that a script fills, without those that only the server knows: run_id, seq, started_at, finished_at,
 * milliseconds, database_user. Who runs the script, and where, stays NULL: that tells it from a run of rev.
 */
export function eventColumns(hasReason: boolean): readonly string[] {
  return hasReason ? [...COLUMNS, 'reason'] : COLUMNS
}

/** The values of these columns, as SQL. */
export function eventValues(event: ScriptEvent, text: (value: string) => string): string[] {
  const orNull = (value: string | undefined): string => (value === undefined ? 'NULL' : text(value))
  const values = [
    text(event.what),
    orNull(event.revision),
    text(event.outcome),
    text(event.rowsBefore.join(' ')),
    text(event.rowsAfter.join(' ')),
    orNull(event.checksum),
    event.statements === undefined ? 'NULL' : String(event.statements),
    text(packageVersion()),
  ]
  if (event.reason !== undefined) values.push(text(event.reason))
  return values
}

/** Each column with its value. */
export function eventPairs(event: ScriptEvent, text: (value: string) => string): (readonly [string, string])[] {
  const values = eventValues(event, text)
  return eventColumns(event.reason !== undefined).map((column, index) => [column, values[index] ?? ''] as const)
}
