import type { QueryObject } from '../handle/knex-internals.ts'

/** Rows that a statement gave back are kept only when they are few: keys that the database made, as a rule. */
const LONGEST_ROWS = 8_000

/** A query as Knex's clients leave it behind. */
export interface AnsweredQuery extends QueryObject {
  context?: unknown
}

interface Kept {
  /** Named fields of the driver's answer that are numbers, texts or nothing. */
  readonly head: Readonly<Record<string, unknown>>
  /** Undefined where the answer had none; null where they could not be kept. */
  readonly rows?: readonly unknown[] | null
}

/** What is kept of the answer to a statement, as text: counts and keys, and rows when they are few and plain. */
export function keepAnswer(dialect: string, query: AnsweredQuery): string | undefined {
  const kept = KEEP[dialect]?.(query)
  return kept === undefined ? undefined : JSON.stringify(kept)
}

/**
 * Answers a statement that is not sent because it was done before, with what was kept of the answer then. `missing` is
 * called when rows are asked for that were not kept, and throws.
 */
export function giveAnswer(
  dialect: string,
  kept: string | undefined,
  query: AnsweredQuery,
  missing: () => never,
): void {
  GIVE[dialect]?.(query, parse(kept), missing)
}

function parse(kept: string | undefined): Kept {
  if (kept === undefined) return { head: {} }
  try {
    return JSON.parse(kept) as Kept
  } catch {
    return { head: {} }
  }
}

const KEEP: Readonly<Record<string, (query: AnsweredQuery) => Kept | undefined>> = {
  mysql({ response }) {
    const [first] = Array.isArray(response) ? (response as readonly unknown[]) : []
    return Array.isArray(first) ? { head: {}, rows: plainRows(first) } : { head: fields(first, MYSQL_FIELDS) }
  },
  postgresql({ response }) {
    const { rows, ...head } = (response ?? {}) as { rows?: unknown }
    const hasRows = Array.isArray(rows) && rows.length > 0
    return { head: fields(head, ['command', 'rowCount']), ...(hasRows ? { rows: plainRows(rows) } : {}) }
  },
  sqlite({ response }) {
    if (Array.isArray(response)) return { head: {}, rows: plainRows(response) }
    return { head: fields(response, ['changes', 'lastInsertRowid']) }
  },
}

const MYSQL_FIELDS = ['fieldCount', 'affectedRows', 'insertId', 'info', 'serverStatus', 'warningStatus', 'changedRows']

const GIVE: Readonly<Record<string, (query: AnsweredQuery, kept: Kept, missing: () => never) => void>> = {
  mysql(query, { head, rows }, missing) {
    const header = { fieldCount: 0, affectedRows: 0, insertId: 0, info: '', warningStatus: 0, ...head }
    query.response = rows === undefined ? [header, undefined] : [rows ?? notKept(missing), undefined]
  },
  postgresql(query, { head, rows }, missing) {
    const given = rows === undefined ? [] : (rows ?? notKept(missing))
    query.response = { command: '', rowCount: 0, oid: null, fields: [], ...head, rows: given }
  },
  sqlite(query, { head, rows }, missing) {
    if (rows !== undefined) query.response = rows ?? notKept(missing)
    else {
      query.response = { changes: 0, lastInsertRowid: 0, ...head }
      query.context = { changes: head.changes ?? 0, lastID: head.lastInsertRowid ?? 0 }
    }
  },
}

function fields(from: unknown, names: readonly string[]): Record<string, unknown> {
  const answer = (from ?? {}) as Readonly<Record<string, unknown>>
  return Object.fromEntries(names.filter((name) => isPlain(answer[name])).map((name) => [name, answer[name]]))
}

/** The rows when JSON keeps every value of them as it is; null when it does not. */
function plainRows(rows: readonly unknown[]): readonly unknown[] | null {
  const arePlain = rows.every((row) => typeof row === 'object' && row !== null && Object.values(row).every(isPlain))
  return arePlain && JSON.stringify(rows).length <= LONGEST_ROWS ? rows : null
}

function isPlain(value: unknown): boolean {
  return (
    value === null ||
    ['string', 'boolean'].includes(typeof value) ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

function notKept(missing: () => never): readonly unknown[] {
  return new Proxy([], { get: (_rows, key) => (key === 'then' ? undefined : missing()) })
}
