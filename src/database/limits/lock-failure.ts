// Which errors of drivers say that a lock was not to be had, or that time was up. Pure.

import { splitStatements } from '../../sql/split-statements.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { isDefinition } from '../handle/statement-kind.ts'

/**
 * `wait`: the wait for a lock was ended by a limit; `refused`: the statement itself did not want to wait (NOWAIT);
 * `deadlock`, `serialization`: the database ended one of several transactions that cannot all succeed; `time`: the
 * statement took longer than it may.
 */
export type LimitFailure = 'wait' | 'refused' | 'deadlock' | 'serialization' | 'time'

const MOST_CAUSES = 5

/** What an error, or one that it was caused by, says of locks and limits; undefined when it is about something else. */
export function limitFailure(error: unknown): LimitFailure | undefined {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < MOST_CAUSES; depth += 1) {
    const found = failureOf(at)
    if (found !== undefined) return found
    at = (at as { cause?: unknown }).cause
  }
  return undefined
}

const BY_ERRNO: Readonly<Record<number, LimitFailure>> = { 1205: 'wait', 1213: 'deadlock', 1969: 'time', 3024: 'time' }
const BY_SQLSTATE: Readonly<Record<string, LimitFailure>> = { '40P01': 'deadlock', '40001': 'serialization' }

function failureOf(error: object): LimitFailure | undefined {
  const { code, errno, routine, message } = error as Readonly<Record<string, unknown>>
  if (typeof errno === 'number' && Object.hasOwn(BY_ERRNO, errno)) return BY_ERRNO[errno]
  if (typeof code !== 'string') return undefined
  if (code.startsWith('SQLITE_BUSY')) return 'wait'
  // One code for two things; the name of the routine is the same in every language of the server.
  if (code === '55P03') return routine === undefined || routine === 'ProcessInterrupts' ? 'wait' : 'refused'
  // Also what an administrator, or rev itself, cancels.
  if (code === '57014') return /user request/i.test(String(message)) ? undefined : 'time'
  return Object.hasOwn(BY_SQLSTATE, code) ? BY_SQLSTATE[code] : undefined
}

/** Where a statement stands: outside of every transaction, right in that of its step, or in one of the revision's own. */
export type StatementPlace = 'alone' | 'step' | 'inside'

/** One statement that is about to be sent. */
export interface SentStatement {
  readonly sql: string
  readonly place: StatementPlace
  /** MySQL and MariaDB: a statement before it has ended the transaction of the step, so that this one commits by itself. */
  readonly commitsByItself: boolean
}

// They may have kept a part of what they did.
const DOES_SEVERAL = /^(?:call|do|exec|execute|begin)\b/i
const TEMPORARY = /^(?:create|drop|alter)\s+(?:or\s+replace\s+)?temporary\b/i
const LEAVES_SOMETHING = /\bconcurrently\b/i

/**
 * Whether a statement that failed so has left nothing at all behind, and neither took anything else with it: then sending
 * it again is nothing but taking the lock later. To be believed only when no transaction is open any more.
 */
export function isWholeAgain(
  { sql, place, commitsByItself }: SentStatement,
  failure: LimitFailure | undefined,
  dialect: string,
  family: SqlFamily | undefined,
): boolean {
  if (failure !== 'wait' && failure !== 'deadlock') return false
  if (place === 'inside' || family === undefined) return false
  const text = onlyStatement(sql, family)
  if (text === undefined || DOES_SEVERAL.test(text) || LEAVES_SOMETHING.test(text)) return false
  const alone = place === 'alone' || commitsByItself
  if (dialect !== 'mysql') return alone
  // It has committed what was before it, and then waited for its table.
  if (isDefinition(text, family) && !TEMPORARY.test(text)) return true
  return alone && failure === 'deadlock'
}

/** The text without comments and without what is quoted; undefined when it holds more than one statement, or may. */
function onlyStatement(sql: string, family: SqlFamily): string | undefined {
  const [statement, ...others] = splitStatements(sql, family)
  if (statement === undefined || others.length > 0 || statement.isOpen) return undefined
  return statement.tokens
    .map(({ kind, start, end }) => (kind === 'comment' ? ' ' : kind === 'code' ? sql.slice(start, end) : '"'))
    .join('')
    .replace(/^(?:\s|\/\*M?!\d*)+/, '')
}
