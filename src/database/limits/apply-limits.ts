import type { PinnedConnection } from '../pinned-connection.ts'
import type { LimitsInForce, LimitValues } from './run-limits.ts'

/** Sets the limits of one step at the right moments. What it sets on a server `saveSession` takes back. */
export interface AppliedLimits {
  /** Right after the transaction of the step has begun; nothing without one. */
  inside(): Promise<void>
  /** After the step, however it ended. Does not throw. */
  end(): Promise<void>
}

/**
 * Sets the limits for the step that comes next. In a transaction of PostgreSQL they end with it, so that they hold again
 * after each of its savepoints was rolled back, and never reach anybody else behind a pooler.
 */
export async function applyLimits(
  connection: PinnedConnection,
  { values }: LimitsInForce,
  transaction: boolean,
): Promise<AppliedLimits> {
  const nothing: AppliedLimits = { inside: async () => {}, end: async () => {} }
  if (values.length === 0) return nothing
  switch (connection.dialect.name) {
    case 'postgresql':
      if (transaction) return { ...nothing, inside: () => setPostgres(connection, values, true) }
      await setPostgres(connection, values, false)
      return nothing
    case 'mysql':
      await connection.query(
        `set ${values.map(([name]) => `session ${name} = ?`).join(', ')}`,
        values.map(([, value]) => value),
      )
      return nothing
    case 'sqlite':
      return applySqlite(connection, values)
    default:
      return nothing
  }
}

/** Sets settings of PostgreSQL, until the end of the transaction or of the session. */
export async function setPostgres(connection: PinnedConnection, values: LimitValues, isLocal: boolean): Promise<void> {
  await connection.query(
    `select ${values.map(() => `pg_catalog.set_config(?, ?, ${isLocal})`).join(', ')}`,
    values.flatMap(([name, value]) => [name, String(value)]),
  )
}

// Not taken back before the COMMIT, which is what waits for readers of the file.
async function applySqlite(connection: PinnedConnection, values: LimitValues): Promise<AppliedLimits> {
  const { rows } = await connection.query('PRAGMA busy_timeout')
  const before = Number(rows[0]?.timeout ?? 0)
  const set = (ms: unknown) => connection.query(`PRAGMA busy_timeout = ${Number(ms)}`)
  await set(values[0]?.[1] ?? before)
  return {
    inside: async () => {},
    end: async () => {
      await set(before).catch(() => undefined)
    },
  }
}
