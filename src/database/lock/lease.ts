import { randomUUID } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { performance } from 'node:perf_hooks'
import { isRevError, RevError } from '../../errors/index.ts'
import type { Database } from '../open-database.ts'
import { poolSize, type SecondConnection, secondConnection } from '../second-connection.ts'
import { BEAT_ROW, ensureLeaseTable, LOCK_ROW, leaseSql, readLeaseHolder } from './lease-table.ts'
import type { LockKind } from './lock-kind.ts'

// Another run was faster, or a cluster found that out only when it committed.
const BEATEN = new Set<unknown>(['40001', '40P01', '55P03', 1205, 1213])

/**
 * A lock that is rows of a table instead of a session: whoever takes it gets the next token, keeps it alive by a
 * heartbeat on a second connection, and proves with the token, in the transaction of the version rows, that nobody has
 * taken it since. It runs out by itself, by the clock of the database; no clock of this machine is asked. Throws
 * REV_DATABASE_LEASE_REFUSED where it cannot be kept.
 */
export async function leaseLock(database: Database, leaseTimeMs: number): Promise<LockKind> {
  const { connection, description, tables } = database
  const sql = leaseSql(database.dialect)
  if (sql === undefined) throw refused(database, `there is none on ${database.dialect.name}, which needs none`)
  if (connection.joined) throw refused(database, 'its heartbeat would be a part of the transaction that was handed in')
  if (poolSize(connection.client) < 2) throw refused(database, 'its heartbeat needs a second connection in the pool')
  await ensureLeaseTable(database, sql)

  const table = tables.lock.sql
  const owner = `${osUser()}@${hostname().slice(0, 150)}, process ${process.pid}, ${randomUUID().slice(0, 8)}`
  const keeper = secondConnection(database, 'the heartbeat of rev failed on it', (error) => !isBeaten(error))
  const losing = new AbortController()
  let token: number | undefined
  let timer: NodeJS.Timeout | undefined
  let beating: Promise<boolean> | undefined
  /** When the last renewal that succeeded was sent, on the stopwatch of this process. */
  let renewedAt = 0

  const lose = (reason: string): void => {
    clearInterval(timer)
    if (losing.signal.aborted) return
    losing.abort(new RevError('REV_DATABASE_LOCK_LOST', { database: description.text, reason }))
  }
  const renew = async (): Promise<boolean> => {
    const startedAt = performance.now()
    const { affected } = await keeper.query(
      `update ${table} set expires_at = ${sql.later} where ${BEAT_ROW} and token = ? and owner = ? and expires_at > ${sql.now}`,
      [leaseTimeMs, token, owner],
    )
    // Some servers do not count a row that is as it was.
    if (affected !== 1 && !(await isAlive())) {
      lose('the lease has run out, or another run has taken it')
      return false
    }
    renewedAt = startedAt
    return true
  }
  const isAlive = async (): Promise<boolean> => {
    const { rows } = await keeper.query(
      `select token from ${table} where ${BEAT_ROW} and token = ? and owner = ? and expires_at > ${sql.now}`,
      [token, owner],
    )
    return rows.length === 1
  }
  const beat = (): Promise<boolean> => {
    beating ??= renew().finally(() => {
      beating = undefined
    })
    return beating
  }
  const watch = (): void => {
    // A stopwatch, not a clock: this process, or its connection, stood still for longer than the lease lasts.
    if (token !== undefined && performance.now() - renewedAt > leaseTimeMs) {
      lose(`it could not be renewed for ${Math.round(performance.now() - renewedAt)} ms`)
    }
  }
  const start = (): void => {
    timer = setInterval(() => {
      watch()
      // What cannot be sent now is sent again next time, on a new connection; until then the lease goes on.
      beat().catch(() => undefined)
    }, leaseTimeMs / 3)
    timer.unref()
  }

  return {
    async tryTake() {
      const startedAt = performance.now()
      const seen = await keeper.query(
        `select token as token from ${table} where ${BEAT_ROW} and (expires_at is null or expires_at <= ${sql.now})`,
      )
      if (seen.rows.length === 0) return false
      const before = Number(seen.rows[0]?.token)
      if (!(await swap(keeper, `${sql.take(table)}`, [owner, leaseTimeMs, before]))) return false
      token = before + 1
      renewedAt = startedAt
      start()
      return true
    },
    isHeld: async () => {
      watch()
      return !losing.signal.aborted && token !== undefined && (await beat().catch(beat))
    },
    findHolder: () => readLeaseHolder(keeper, tables.lock, sql),
    watch,
    async proveOwned() {
      // The row stays as it is until the end of the transaction: nobody can take the lease before that.
      const { rows } = await connection.query(
        `select token as token from ${table} where ${LOCK_ROW} and token = ? and owner = ? for update`,
        [token, owner],
      )
      if (rows.length !== 1) lose('another run has taken the lease')
      if (losing.signal.aborted) throw losing.signal.reason
    },
    lost: losing.signal,
    async release() {
      clearInterval(timer)
      await beating?.catch(() => undefined)
      try {
        if (token === undefined) return true
        const { affected } = await keeper.query(
          `update ${table} set owner = null, expires_at = null where token = ? and owner = ?`,
          [token, owner],
        )
        return affected !== 0
      } finally {
        token = undefined
        await keeper.close()
      }
    },
  }
}

async function swap(keeper: SecondConnection, sql: string, bindings: readonly unknown[]): Promise<boolean> {
  try {
    return (await keeper.query(sql, bindings)).affected === 2
  } catch (error) {
    if (isBeaten(error)) return false
    throw error
  }
}

function isBeaten(error: unknown): boolean {
  if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) return false
  const { code, errno } = (error.cause ?? {}) as { code?: unknown; errno?: unknown }
  return BEATEN.has(code) || BEATEN.has(errno)
}

function refused({ description }: Database, reason: string): RevError {
  return new RevError('REV_DATABASE_LEASE_REFUSED', { database: description.text, reason })
}

function osUser(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run as a number without a name.
    return 'unknown'
  }
}
