import { setTimeout as sleep } from 'node:timers/promises'
import { RevError } from '../../errors/index.ts'
import { eventMoments } from '../event-moments.ts'
import { interruption } from '../interruption.ts'
import type { Database } from '../open-database.ts'
import { dropLeftovers } from './drop-leftovers.ts'
import { byStep, isUnfinished, type JournalEntry, type UnfinishedStep } from './journal-entry.ts'
import { changeEntry, clearBehind, clearStep, readJournal } from './journal-table.ts'
import { lookAt } from './look.ts'
import { atPlace, fromLooked } from './looked.ts'

const PAUSE_MS = 200

/** How what is left open is looked into. */
export interface SettleOptions {
  /** How long to wait for a statement that the server is still at. */
  readonly timeoutMs: number
}

/**
 * Finds out, under the lock, what has become of the statements that were under way when a run was cut off, writes that down,
 * and takes away what failed attempts have left (indexes of PostgreSQL that are not valid). Resolves to the steps of which
 * something is in the database; those of which nothing is left are forgotten. Throws REV_JOURNAL_UNDER_WAY.
 */
export async function settleSteps(database: Database, options: SettleOptions): Promise<readonly UnfinishedStep[]> {
  const steps = byStep((await readJournal(database)) ?? [])
  const unfinished: UnfinishedStep[] = []
  for (const step of steps) {
    const entries: JournalEntry[] = []
    for (const entry of step.entries) entries.push(await settle(database, entry, options))
    if (isUnfinished({ ...step, entries })) {
      const kept = withoutLastFailures(entries)
      const [last] = kept.slice(-1)
      if (last !== undefined && kept.length < entries.length) await clearBehind(database, step, last.number)
      unfinished.push({ ...step, entries: kept })
    } else await clearStep(database, step)
  }
  return unfinished
}

// What failed and was followed by more did not stop the function; it comes again, and fails again.
function withoutLastFailures(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  return entries.slice(0, entries.findLastIndex(({ state }) => state !== 'failed') + 1)
}

async function settle(database: Database, entry: JournalEntry, options: SettleOptions): Promise<JournalEntry> {
  if (entry.state === 'done') return entry
  const { connection } = database
  if (entry.state === 'running') await waitForOrphan(database, entry, options)
  const before = fromLooked(entry.before)
  if (before.isHidden) return entry
  const state = await atPlace(connection, before.place, async () => {
    const settlement = await lookAt(connection, entry.statement).settle(before.state)
    await dropLeftovers(database, entry.revision, settlement.leftovers)
    return settlement.state
  })
  if (entry.state === 'failed' || state === 'unknown') return entry
  const settled = state === 'done' ? 'done' : 'failed'
  await changeEntry(database, entry, entry.number, { state: settled })
  return { ...entry, state: settled }
}

// Whoever was killed may have left a statement that the server goes on with; behind a lease nothing else waits for it.
async function waitForOrphan(database: Database, entry: JournalEntry, { timeoutMs }: SettleOptions): Promise<void> {
  const started = performance.now()
  while (await isAtWork(database, entry)) {
    if (database.signal.aborted) throw interruption(database.signal)
    if (performance.now() - started > timeoutMs) {
      const { revision, number, statement, session = '' } = entry
      throw new RevError('REV_JOURNAL_UNDER_WAY', { revision, number, statement, session })
    }
    await sleep(PAUSE_MS, undefined, { signal: database.signal }).catch(() => undefined)
  }
}

async function isAtWork({ connection, dialect }: Database, { session, startedAt }: JournalEntry): Promise<boolean> {
  if (session === undefined) return false
  if (dialect.name === 'postgresql') {
    const { fromText } = eventMoments(dialect)
    const { rows } = await connection.query(
      `select 1 from pg_catalog.pg_stat_activity where pid = cast(? as integer) and pid <> pg_backend_pid()
       and backend_start <= ${fromText('?')} and state = 'active'`,
      [session, startedAt],
    )
    return rows.length > 0
  }
  if (dialect.name !== 'mysql') return false
  // One that was ended is at work until what it was at is taken back.
  const { rows } = await connection.query(
    `select 1 from information_schema.processlist where id = ? and id <> connection_id()
     and command in ('Query', 'Execute', 'Killed')`,
    [session],
  )
  return rows.length > 0
}
