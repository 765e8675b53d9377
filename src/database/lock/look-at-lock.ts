import type { Database } from '../open-database.ts'
import { advisoryLock } from './advisory.ts'
import { getLock } from './get-lock.ts'

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
export async function lookAtLock({ connection, dialect, tables }: Database): Promise<LockState | undefined> {
  try {
    if (dialect.lock === 'advisory') {
      const { rows } = await connection.query('select pg_is_in_recovery() as standby')
      if (rows[0]?.standby !== false) return undefined
      return toState(await (await advisoryLock(connection, tables.version)).findHolder())
    }
    if (dialect.lock === 'get-lock') return toState(await (await getLock(connection, tables.version)).findHolder())
  } catch {
    // A right that is missing; what is not known is not told.
  }
  return undefined
}

function toState(holder: string | undefined): LockState {
  return { held: holder !== undefined, holder }
}
