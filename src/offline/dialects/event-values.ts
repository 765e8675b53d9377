import { eventRows } from '../../database/event-rows.ts'
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

/**
 * Columns and values as SQL, without those that only the server knows: run_id, seq, started_at, finished_at,
 * milliseconds, database_user. Who runs the script, and where, stays NULL: that tells it from a run of rev.
 */
export function eventValues(event: ScriptEvent, text: (value: string) => string): (readonly [string, string])[] {
  const orNull = (value: string | undefined): string => (value === undefined ? 'NULL' : text(value))
  return [
    ['what', text(event.what)],
    ['revision', orNull(event.revision)],
    ['outcome', text(event.outcome)],
    ['rows_before', text(eventRows(event.rowsBefore))],
    ['rows_after', text(eventRows(event.rowsAfter))],
    ['checksum', orNull(event.checksum)],
    ['statements', event.statements === undefined ? 'NULL' : String(event.statements)],
    ['tool_version', text(packageVersion())],
    ...(event.reason === undefined ? [] : ([['reason', text(event.reason)]] as const)),
  ]
}
