import { sqlTokens } from '../../sql/sql-tokens.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { setPostgres } from './apply-limits.ts'
import type { LimitsInForce } from './run-limits.ts'

/** Whether a statement makes or drops an index while others go on writing: it waits for them, and is invalid if it gives up. */
export function worksConcurrently(sql: string): boolean {
  if (!/\bconcurrently\b/i.test(sql)) return false
  let text = ''
  for (const { kind, start, end } of sqlTokens(sql, 'postgresql')) {
    text += kind === 'comment' ? ' ' : kind === 'code' ? sql.slice(start, end) : '"'
  }
  return /^\s*(?:create|drop|reindex)\b[\s\S]*\bconcurrently\b/i.test(text)
}

/** Sends such a statement without the limits that the revision itself has not asked for, and sets them again. */
export async function withoutLimits(
  connection: PinnedConnection,
  { limits, isShared }: LimitsInForce,
  setsOwn: (name: string) => boolean,
  send: () => Promise<unknown>,
): Promise<unknown> {
  const isOwn = { lock_timeout: limits.tableLock, statement_timeout: limits.statement }
  const lifted = Object.entries(isOwn)
    .filter(([name, { source }]) => source !== 'revision' && !setsOwn(name))
    .map(([name]) => name)
  if (isShared || lifted.length === 0) return send()
  const { rows } = await connection.query(
    `select ${lifted.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
  )
  const before = lifted.map((name) => [name, String(rows[0]?.[name] ?? '0')] as const)
  const zero = lifted.map((name) => [name, '0'] as const)
  await setPostgres(connection, zero, false)
  try {
    return await send()
  } finally {
    // Without a connection there is nothing to set, and the error of the statement says why.
    await setPostgres(connection, before, false).catch(() => undefined)
  }
}
