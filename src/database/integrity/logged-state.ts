import type { EventRecord } from '../read-events.ts'

/** The last time that a revision was applied, by the log. */
export interface LoggedUpgrade {
  readonly checksum: string | undefined
  /** The version rows right before it. */
  readonly rowsBefore: readonly string[]
  /** ISO text, UTC. */
  readonly when: string
  readonly gitCommit: string | undefined
  /** The rows were set by a stamp at some time after it. */
  readonly stampedSince: boolean
}

/** What the log says of the present. */
export interface LoggedState {
  /** Revisions that were applied, and not taken back since; in the order in which it was done. */
  readonly upgraded: ReadonlyMap<string, LoggedUpgrade>
  /** When those were taken back that were not applied since; without those before the last stamp. */
  readonly takenBack: ReadonlyMap<string, string>
  /** What the newest run left; undefined when it has no end, or could not read the rows at its end. */
  readonly last: { readonly rows: readonly string[]; readonly when: string } | undefined
}

/** Reads the present out of the log, as `readEvents` gives it: the newest run first, each from its beginning. */
export function toLoggedState(records: readonly EventRecord[]): LoggedState {
  const upgraded = new Map<string, LoggedUpgrade>()
  const takenBack = new Map<string, string>()
  for (const { what, outcome, revision, ...record } of oldestFirst(records)) {
    if (outcome !== 'done' || revision === undefined) continue
    if (what === 'stamp') {
      for (const [id, upgrade] of upgraded) upgraded.set(id, { ...upgrade, stampedSince: true })
      takenBack.clear()
      continue
    }
    if (what === 'repair:accept-edit') {
      const upgrade = upgraded.get(revision)
      if (upgrade !== undefined) upgraded.set(revision, { ...upgrade, checksum: record.checksum })
      continue
    }
    const isUpgrade = what === 'upgrade' || what === 'repair:applied'
    // Seeds are logged, too, and have names of their own.
    if (!isUpgrade && what !== 'downgrade' && !what.startsWith('repair:')) continue
    upgraded.delete(revision)
    takenBack.delete(revision)
    const when = record.finishedAt ?? record.startedAt
    const { checksum, rowsBefore, gitCommit } = record
    if (isUpgrade) upgraded.set(revision, { checksum, rowsBefore, when, gitCommit, stampedSince: false })
    else if (what !== 'repair:forget') takenBack.set(revision, when)
  }
  return { upgraded, takenBack, last: lastRows(records) }
}

/** The same events in the order in which they were written: run by run, the oldest run first. */
export function oldestFirst(records: readonly EventRecord[]): EventRecord[] {
  const runs = new Map<string, EventRecord[]>()
  for (const record of records) {
    const run = runs.get(record.runId)
    if (run === undefined) runs.set(record.runId, [record])
    else run.push(record)
  }
  return [...runs.values()].reverse().flat()
}

function lastRows(records: readonly EventRecord[]): LoggedState['last'] {
  const newest = records[0]?.runId
  const end = records.findLast(
    ({ runId, revision, outcome }) => runId === newest && revision === undefined && outcome !== 'started',
  )
  if (end === undefined) return undefined
  // A run that broke off may have been unable to ask, and then has no rows at its end.
  if (end.outcome !== 'done' && end.rowsAfter.length === 0 && end.rowsBefore.length > 0) return undefined
  return { rows: end.rowsAfter, when: end.finishedAt ?? end.startedAt }
}
