import type { Database } from '../open-database.ts'
import { advisoryLock } from './advisory.ts'
import { getLock, isUnsupported } from './get-lock.ts'
import { findLeaseHolder } from './lease-table.ts'
import type { LockHolder } from './lock-holder.ts'

/** What a server says of the lock of runs. */
export interface LockState {
  readonly held: boolean
  /** Who has it, in words; undefined when nobody does. */
  readonly holder: string | undefined
}

/**
 * Whether anybody holds the lock on this server, without taking it; undefined where only taking it would tell (SQLite),
 * where there is none, and on a standby of PostgreSQL, which does not know the locks of its primary. Never throws: it is
 * only for telling.
 */
export async function lookAtLock(database: Database): Promise<LockState | undefined> {
  try {
    if (!(await knowsLock(database))) return undefined
    const holder = await findAnyHolder(database)
    return { held: holder !== undefined, holder: holder?.text }
  } catch {
    // A right that is missing; what is not known is not told.
    return undefined
  }
}

/** Whether this server can say who holds the lock. */
export async function knowsLock({ connection, dialect }: Database): Promise<boolean> {
  if (dialect.lock === 'get-lock') return true
  if (dialect.lock !== 'advisory') return false
  const { rows } = await connection.query('select pg_is_in_recovery() as standby')
  return rows[0]?.standby === false
}

/** Who holds the lock of this version table on a server, whichever of its two forms: of a session, or a lease. */
export async function findAnyHolder(database: Database): Promise<LockHolder | undefined> {
  return (await findLeaseHolder(database)) ?? (await findSessionHolder(database))
}

/** Who holds the lock of the session; undefined, too, on a cluster that has none. */
export async function findSessionHolder(database: Database): Promise<LockHolder | undefined> {
  const { connection, dialect, tables } = database
  if (dialect.lock === 'advisory') return (await advisoryLock(connection, tables.version)).findHolder()
  if (dialect.lock !== 'get-lock') return undefined
  return (await getLock(database)).findHolder().catch((error: unknown) => {
    if (isUnsupported(error)) return undefined
    throw error
  })
}
