import { setTimeout as sleep } from 'node:timers/promises'
import type { StepKey } from './journal/journal-table.ts'
import { type LeftBehind, readLeftBehind } from './journal/left-behind.ts'
import type { Database } from './open-database.ts'
import { poolSize, secondConnection } from './second-connection.ts'
import { readRows } from './version-table.ts'

const LONGEST_MS = 15_000
const PAUSE_MS = 250

/** What another connection sees after that of the run was lost. */
export interface SecondLook {
  readonly rows: readonly string[]
  readonly left: LeftBehind
}

// Asked by the number of the session that was lost: only when it is gone is decided what it did last.
const IS_THERE: Readonly<Record<string, string>> = {
  postgresql: 'select 1 from pg_catalog.pg_stat_activity where pid = cast(? as integer)',
  mysql: 'select 1 from information_schema.processlist where id = ?',
}

/**
 * Asks on a second connection how the database stands, once the lost session has ended on the server; undefined where
 * nobody answers in time, or there is no second connection to be had.
 */
export async function lookAgain(database: Database, key: StepKey): Promise<SecondLook | undefined> {
  const { connection, dialect, signal } = database
  const isThere = IS_THERE[dialect.name]
  const session = sessionOf(connection.raw)
  if (isThere === undefined || session === undefined || connection.joined || poolSize(connection.client) < 2)
    return undefined
  const second = secondConnection(database, 'rev lost it', () => true)
  const seen: Database = { ...database, connection: second }
  const started = performance.now()
  try {
    while (performance.now() - started < LONGEST_MS && !signal.aborted) {
      const look = await lookOnce(seen, key, isThere, session).catch(() => undefined)
      if (look !== undefined) return look
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
    return undefined
  } finally {
    await second.close().catch(() => undefined)
  }
}

async function lookOnce(
  database: Database,
  key: StepKey,
  isThere: string,
  session: number,
): Promise<SecondLook | undefined> {
  const { rows: sessions } = await database.connection.query(isThere, [session])
  if (sessions.length > 0) return undefined
  const { rows } = await readRows(database)
  const left = await readLeftBehind(database, key)
  return left === undefined ? undefined : { rows, left }
}

function sessionOf(raw: unknown): number | undefined {
  const { processID, threadId } = (raw ?? {}) as { processID?: unknown; threadId?: unknown }
  const id = processID ?? threadId
  return typeof id === 'number' ? id : undefined
}
