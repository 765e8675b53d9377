import { isRevError } from '../errors/index.ts'
import { isConnectionLost } from './known-errors.ts'

const CODES: ReadonlySet<unknown> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  // PostgreSQL: starting up or shutting down, no connection free. MySQL and MariaDB: the same.
  ...['57P03', '53300', 1040, 1053, 1203],
])
const MESSAGES = /timeout expired|connect ETIMEDOUT|Timeout acquiring a connection|^SQLITE_BUSY|database is locked/i

/**
 * Whether a database could not be asked for a reason that passes by itself: its server is not up yet, restarts, is full,
 * or its name is not known yet. A wrong password or a database that is not there is none.
 */
export function isUnreachable(error: unknown): boolean {
  if (!isRevError(error, 'REV_DATABASE_CONNECT_FAILED') && !isRevError(error, 'REV_DATABASE_QUERY_FAILED')) return false
  return passes(error.cause, 0)
}

function passes(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth > 4) return false
  const { code, errno, syscall } = error as { code?: unknown; errno?: unknown; syscall?: unknown }
  // The socket of a server on this machine is made when it starts.
  const isSocket = code === 'ENOENT' && syscall === 'connect'
  if (isSocket || CODES.has(code) || CODES.has(errno) || MESSAGES.test(error.message)) return true
  if (isConnectionLost(error) || passes(error.cause, depth + 1)) return true
  return error instanceof AggregateError && error.errors.some((inner) => passes(inner, depth + 1))
}
