import type { Knex } from 'knex'
import { isRevError, RevError } from '../errors/index.ts'
import type { DialectFacts } from './dialect.ts'
import { bindableInEveryMode } from './handle/backslash-mode.ts'
import { hintForOwn } from './known-errors.ts'
import type { PinnedConnection, StatementResult } from './pinned-connection.ts'
import type { Redactor } from './redactor.ts'

export interface PinOptions {
  readonly dialect: DialectFacts
  readonly client: Knex.Client
  readonly raw: unknown
  readonly joined: boolean
  readonly redactor: Redactor
  /** The database as messages name it. */
  readonly database: string
}

type QueryingClient = Knex.Client & { query(connection: unknown, query: object): Promise<Answer | undefined> }

interface Answer {
  readonly response?: unknown
  readonly context?: { readonly changes?: unknown }
}

/** Binds rev's own SQL to one physical connection. Its `query` throws REV_DATABASE_QUERY_FAILED with the driver's error as cause. */
export function pin(options: PinOptions): PinnedConnection {
  const { dialect, client, raw, joined, redactor, database } = options
  const query = async (sql: string, bindings: readonly unknown[] = []): Promise<StatementResult> => {
    // sqlite3 tells the number of changed rows only of what is run, and the rows only of what is asked.
    const method = /^\s*(select|with|pragma|show)\b/i.test(sql) ? 'raw' : 'counter'
    try {
      const values = dialect.name === 'mysql' ? bindings.map(bindableInEveryMode) : [...bindings]
      const answer = await (client as QueryingClient).query(raw, { sql, bindings: values, method, options: {} })
      return toResult(answer)
    } catch (cause) {
      throw queryFailure(sql, cause, database, redactor)
    }
  }
  return { dialect, client, raw, joined, query }
}

function queryFailure(sql: string, cause: unknown, database: string, redactor: Redactor): RevError {
  const remedy = hintForOwn(cause)
  return new RevError(
    'REV_DATABASE_QUERY_FAILED',
    { database, sql, reason: redactor.text(driverMessage(cause)), ...(remedy === undefined ? {} : { remedy }) },
    { cause: redactor.error(cause) },
  )
}

/** What the driver itself said: Knex puts the statement before it. */
export function driverMessage(error: unknown, sql?: string): string {
  if (!(error instanceof Error)) return String(error)
  const { sqlMessage } = error as { sqlMessage?: unknown }
  if (typeof sqlMessage === 'string' && sqlMessage !== '') return sqlMessage
  const { message } = error
  if (sql !== undefined && message.startsWith(`${sql} - `)) return message.slice(sql.length + 3)
  const cut = message.lastIndexOf(' - ')
  return cut > 0 && /^\s*[a-z(]/i.test(message) ? message.slice(cut + 3) : message
}

/** Whether an error of rev's own SQL was the driver saying that a key is there already. */
export function isDuplicateKey(error: unknown): boolean {
  if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) return false
  const { code, errno, message } = (error.cause ?? {}) as { code?: unknown; errno?: unknown; message?: unknown }
  if (code === '23505' || errno === 1062) return true
  return typeof code === 'string' && code.startsWith('SQLITE_CONSTRAINT') && /unique|primary/i.test(String(message))
}

function toResult(answer: Answer | undefined): StatementResult {
  const response = answer?.response
  if (Array.isArray(response)) return fromArray(response, answer?.context)
  if (typeof response !== 'object' || response === null)
    return { rows: [], affected: toCount(answer?.context?.changes) }
  const { rows, rowCount, changes, affectedRows } = response as Record<string, unknown>
  const affected = toCount(changes ?? affectedRows ?? rowCount)
  return { rows: Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [], affected }
}

// mysql and mysql2 answer [rows or a header, columns]; the SQLite drivers answer the rows.
function fromArray(response: readonly unknown[], context: Answer['context']): StatementResult {
  const [first, second] = response
  if (Array.isArray(first)) return { rows: first as Record<string, unknown>[], affected: undefined }
  if (response.length === 2 && second === undefined && isHeader(first)) {
    return { rows: [], affected: toCount(first.affectedRows) }
  }
  return { rows: response as Record<string, unknown>[], affected: toCount(context?.changes) }
}

function isHeader(value: unknown): value is { affectedRows: unknown } {
  return typeof value === 'object' && value !== null && 'affectedRows' in value
}

function toCount(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}
