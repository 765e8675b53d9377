import type { RevisionGraph } from '../../graph/revision-graph.ts'
import { sameRows } from '../plan-run.ts'
import type { EventRecord } from '../read-events.ts'
import type { LoggedState } from './logged-state.ts'
import { isBack, isForward, type OpenRun, type RevisionHistory } from './revision-history.ts'
import type { UnfinishedWork } from './unfinished-work.ts'

/** How a revision stands to a database; docs/status.md defines each. In the order in which a summary names them. */
export const REVISION_STATES = [
  'APPLIED',
  'PENDING',
  'REVERTED',
  'FAILED',
  'INTERRUPTED',
  'EDITED',
  'MISSING',
  'UNKNOWN',
] as const

export type RevisionState = (typeof REVISION_STATES)[number]

/** Everything that the states are read from. */
export interface StateFacts {
  /** Undefined behind files that cannot be read. */
  readonly graph: RevisionGraph | undefined
  /** The version rows. */
  readonly rows: readonly string[]
  /** False where the version table cannot be read: then the log alone says what is applied. */
  readonly isReadable: boolean
  readonly logged: LoggedState
  readonly history: RevisionHistory
  /** Applied revisions whose code was edited since. */
  readonly edited: ReadonlySet<string>
  readonly unfinished: ReadonlyMap<string, UnfinishedWork>
  /** Whether the run without an end was cut off, as nobody holds the lock. */
  readonly isCutOff: boolean
}

/** The state of one revision, and the event that it goes by. */
export interface StateOfRevision {
  readonly revision: string
  readonly state: RevisionState
  /** Undefined where the log has none: never run, or not by a run that it knows. */
  readonly event: EventRecord | undefined
  /** It counts as applied, and the log knows of no run that did it, but of a stamp. */
  readonly stamped: boolean
}

/** What of the files counts as applied. Rows that no file knows stand on something: what the log has of it counts, too. */
export function appliedRevisions({ graph, rows, isReadable, logged }: Omit<StateFacts, 'history'>): Set<string> {
  const known = graph === undefined ? rows : rows.filter((row) => graph.has(row))
  const goesByLog = !isReadable || graph === undefined || known.length < rows.length
  const fromLog = goesByLog ? [...logged.upgraded].filter(([, it]) => !it.stampedSince).map(([id]) => id) : []
  const ids = [...known, ...fromLog]
  return graph === undefined ? new Set(ids) : graph.applied(ids.filter((id) => graph.has(id)))
}

/** The states of all revisions: those of the files, oldest first, then those that no file has, in the order of the log. */
export function revisionStates(facts: StateFacts): StateOfRevision[] {
  const { graph, rows, logged, history } = facts
  const applied = appliedRevisions(facts)
  const cutOff = cutOffRevision(facts, applied)
  const ofFile = (revision: string): StateOfRevision => {
    const isApplied = applied.has(revision)
    const state = stateOf(facts, revision, isApplied, revision === cutOff)
    return { revision, state, ...eventOf(facts, revision, state, isApplied) }
  }
  if (graph === undefined) return idsWithoutFiles(facts).map(ofFile)
  const unknown = graph.unknownRows(rows)
  const missing = [...logged.upgraded].filter(([id, it]) => !graph.has(id) && !it.stampedSince && !unknown.includes(id))
  const lost = (revision: string, state: RevisionState): StateOfRevision => {
    const event = doneUpgrade(history, revision)
    return { revision, state, event, stamped: event === undefined && history.hasStamp }
  }
  return [
    ...graph.history().reverse().map(ofFile),
    ...missing.map(([revision]) => lost(revision, 'MISSING')),
    ...unknown.map((revision) => lost(revision, 'UNKNOWN')),
  ]
}

function stateOf(facts: StateFacts, revision: string, isApplied: boolean, isCutOff: boolean): RevisionState {
  const { history, unfinished, edited } = facts
  const attempt = openAttempt(history, revision, isApplied)
  if (attempt !== undefined) return attempt.outcome === 'failed' ? 'FAILED' : 'INTERRUPTED'
  if (isCutOff || unfinished.has(revision)) return 'INTERRUPTED'
  if (isApplied) return edited.has(revision) ? 'EDITED' : 'APPLIED'
  return isBack(history.done.get(revision)?.what ?? '') ? 'REVERTED' : 'PENDING'
}

// A failed upgrade of what is applied now, and a failed downgrade of what is not, are over.
function openAttempt({ failed }: RevisionHistory, revision: string, isApplied: boolean): EventRecord | undefined {
  const attempt = failed.get(revision)
  return attempt?.what === (isApplied ? 'downgrade' : 'upgrade') ? attempt : undefined
}

function eventOf(
  { history, isCutOff }: StateFacts,
  revision: string,
  state: RevisionState,
  isApplied: boolean,
): Pick<StateOfRevision, 'event' | 'stamped'> {
  const without = { event: undefined, stamped: false }
  if (state === 'PENDING') return without
  if (state === 'REVERTED') return { event: history.done.get(revision), stamped: false }
  if (state === 'FAILED' || state === 'INTERRUPTED') {
    const started = isCutOff ? history.open?.start : undefined
    return { event: openAttempt(history, revision, isApplied) ?? started, stamped: false }
  }
  const event = doneUpgrade(history, revision)
  return { event, stamped: event === undefined && history.hasStamp }
}

function doneUpgrade({ done }: RevisionHistory, revision: string): EventRecord | undefined {
  const event = done.get(revision)
  return event !== undefined && isForward(event.what) ? event : undefined
}

function idsWithoutFiles({ rows, logged, history }: StateFacts): string[] {
  return [...new Set([...history.done.keys(), ...history.failed.keys(), ...logged.upgraded.keys(), ...rows])]
}

/**
 * The revision that a run was at when it was cut off: a run says of a step that it is done, not that it begins. Known
 * where only one can have come next.
 */
function cutOffRevision({ graph, rows, history, isCutOff }: StateFacts, applied: Set<string>): string | undefined {
  const open: OpenRun | undefined = history.open
  if (open === undefined || !isCutOff || graph === undefined || !sameRows(open.rows, rows)) return undefined
  const { what } = open.start
  if (what === 'downgrade') return rows.length === 1 ? rows[0] : undefined
  if (what !== 'upgrade') return undefined
  const next = graph
    .ids()
    .filter((id) => !applied.has(id))
    .filter((id) => graph.describe(id).effectiveDownRevisions.every((below) => applied.has(below)))
  return next.length === 1 ? next[0] : undefined
}
