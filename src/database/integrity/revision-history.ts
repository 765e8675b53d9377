import type { EventRecord } from '../read-events.ts'
import { oldestFirst } from './logged-state.ts'

/** What the log tells of each revision by itself, and of the run that may be at work. */
export interface RevisionHistory {
  /** The last time that a revision was taken forward or back, and it was done, or somebody said by `rev repair` that it was. */
  readonly done: ReadonlyMap<string, EventRecord>
  /** The last attempt that failed or was interrupted, where nothing since says that it is settled. */
  readonly failed: ReadonlyMap<string, EventRecord>
  /** Whether the rows were ever set by a stamp. */
  readonly hasStamp: boolean
  /** The newest run when it has no end: where it was when the log last heard of it. */
  readonly open: OpenRun | undefined
}

/** A run without an end: it is at work, or was cut off. */
export interface OpenRun {
  readonly start: EventRecord
  /** The version rows after its last finished step. */
  readonly rows: readonly string[]
}

/**
 * Reads it out of the events, as `readEvents` gives them. What settles a failed attempt: the same revision done, whatever
 * was done with it; a stamp of anything, because somebody has said where the database stands; and, for an attempt to take
 * one back, any later run that came to its end, because the revision is in use again.
 */
export function toRevisionHistory(records: readonly EventRecord[]): RevisionHistory {
  const done = new Map<string, EventRecord>()
  const failed = new Map<string, EventRecord>()
  let hasStamp = false
  for (const record of oldestFirst(records)) {
    const { what, outcome, revision } = record
    if (revision === undefined) {
      if (outcome === 'done') for (const [id, { what: tried }] of failed) if (tried === 'downgrade') failed.delete(id)
      continue
    }
    // A seed may have the name of a revision.
    if (what.startsWith('seed')) continue
    if (outcome === 'done' && what === 'stamp') {
      hasStamp = true
      failed.clear()
    } else if (outcome === 'done') {
      failed.delete(revision)
      if (isForward(what) || isBack(what)) done.set(revision, record)
    } else if (outcome === 'failed' || outcome === 'interrupted') {
      failed.set(revision, record)
    }
  }
  return { done, failed, hasStamp, open: openRun(records) }
}

/** Whether an event of this kind leaves a revision applied. */
export function isForward(what: string): boolean {
  return what === 'upgrade' || what === 'repair:applied'
}

/** Whether an event of this kind leaves a revision taken back. */
export function isBack(what: string): boolean {
  return what === 'downgrade' || what === 'repair:reverted'
}

const ENDINGS = ['done', 'failed', 'interrupted']

function openRun([first, ...others]: readonly EventRecord[]): OpenRun | undefined {
  if (first === undefined || first.revision !== undefined || first.outcome !== 'started') return undefined
  const steps = others.filter(({ runId }) => runId === first.runId)
  if (steps.some(({ revision, outcome }) => revision === undefined && ENDINGS.includes(outcome))) return undefined
  return { start: first, rows: steps.findLast(({ outcome }) => outcome === 'done')?.rowsAfter ?? first.rowsBefore }
}
