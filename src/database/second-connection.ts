import type { Knex } from 'knex'
import { connectFailure } from './connect-failure.ts'
import type { Database } from './open-database.ts'
import { pin } from './pin.ts'
import type { PinnedConnection, StatementResult } from './pinned-connection.ts'

/** A connection beside that of the steps. */
export interface SecondConnection extends PinnedConnection {
  close(): Promise<void>
}

/** How many connections a pool gives; 1 for a client without one. */
export function poolSize(client: Knex.Client): number {
  return (client as { pool?: { max?: number } }).pool?.max ?? 1
}

/**
 * A connection of the same pool, opened when it is first used, and again when it was lost. Where `breaks` says so of an
 * error, it goes back to the pool as one that is not to be used any more, for this reason. Throws
 * REV_DATABASE_CONNECT_FAILED when none can be opened.
 */
export function secondConnection(
  { connection, dialect, redactor, description }: Database,
  reason: string,
  breaks: (error: unknown) => boolean,
): SecondConnection {
  const { client } = connection
  let opened: PinnedConnection | undefined
  const open = async (): Promise<PinnedConnection> => {
    if (opened !== undefined) return opened
    const raw: unknown = await client.acquireConnection().catch((cause: unknown) => {
      throw connectFailure(cause, description, redactor)
    })
    opened = pin({ dialect, client, raw, joined: false, redactor, database: description.text })
    return opened
  }
  const close = async (isBroken: boolean): Promise<void> => {
    const { raw } = opened ?? {}
    opened = undefined
    if (raw === undefined) return
    if (isBroken) (raw as { __knex__disposed?: unknown }).__knex__disposed = reason
    await client.releaseConnection(raw)
  }
  const query = async (sql: string, bindings?: readonly unknown[]): Promise<StatementResult> => {
    try {
      return await (await open()).query(sql, bindings)
    } catch (error) {
      await close(breaks(error))
      throw error
    }
  }
  return { dialect, client, raw: {}, joined: false, query, close: () => close(false) }
}
