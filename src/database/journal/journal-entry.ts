/** How far a statement of the journal is. `running` is what a run that was cut off leaves: done or not, the database has to be asked. */
export type StatementState = 'running' | 'done' | 'failed'

/** One statement of a step that is not finished. */
export interface JournalEntry {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
  /** Its place among the statements of the step that change something, from 1. */
  readonly number: number
  readonly state: StatementState
  /** Which statement it is, as `statementHash` gives it. */
  readonly hash: string
  /** As it was sent, with placeholders for values; cut off when it is very long. */
  readonly statement: string
  /** What it changes, as the database had it before, as `lookBefore` gives it; undefined for what needs no such look. */
  readonly before: string | undefined
  /** What the driver answered, as `keepAnswer` gives it. */
  readonly answer: string | undefined
  /** The database's words when it failed. */
  readonly error: string | undefined
  /** What was recorded of the revision's file. */
  readonly checksum: string | undefined
  readonly runId: string
  /** Which session of the server carried it out. */
  readonly session: string | undefined
  /** ISO text in UTC with milliseconds, of the database's clock. */
  readonly startedAt: string
}

/** The statements of one step that did not come to its end. */
export interface UnfinishedStep {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
  /** In order; at least one. */
  readonly entries: readonly JournalEntry[]
}

/** Whether something of the step is in the database, or may be. */
export function isUnfinished({ entries }: UnfinishedStep): boolean {
  return entries.some(({ state }) => state !== 'failed')
}

/** The entries of each step together. */
export function byStep(entries: readonly JournalEntry[]): UnfinishedStep[] {
  const steps = new Map<string, { revision: string; direction: 'upgrade' | 'downgrade'; entries: JournalEntry[] }>()
  for (const entry of entries) {
    const { revision, direction } = entry
    const key = `${direction} ${revision}`
    const step = steps.get(key) ?? { revision, direction, entries: [] }
    step.entries.push(entry)
    steps.set(key, step)
  }
  return [...steps.values()]
}
