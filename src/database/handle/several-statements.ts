import { splitStatements } from '../../sql/split-statements.ts'
import type { QueryObject } from './knex-internals.ts'

const MULTI_STATEMENTS = 0x10000

/** Whether a connection of mysql2 or mysql takes several statements in one text. */
export function takesSeveral(raw: unknown): boolean {
  const { config } = (raw ?? {}) as { config?: { clientFlags?: unknown } }
  return typeof config?.clientFlags === 'number' && (config.clientFlags & MULTI_STATEMENTS) !== 0
}

/**
 * The statements of a text of MySQL or MariaDB as queries of their own, each with its values; undefined for a text that is
 * one, or that has to be sent as it is. So it is known of each whether it was carried out, and not only of all together.
 */
export function splitQuery(query: QueryObject): QueryObject[] | undefined {
  const { sql, bindings = [] } = query
  if (!sql.includes(';')) return undefined
  const statements = splitStatements(sql, 'mysql')
  if (statements.length < 2) return undefined
  let next = 0
  const queries: QueryObject[] = []
  for (const { tokens, isOpen } of statements) {
    const [first, last] = [tokens[0], tokens.at(-1)]
    // What no end is seen of, and what the driver would refuse as a whole.
    if (first === undefined || last === undefined || isOpen || tokens.some(({ open }) => open)) return undefined
    const text = sql.slice(first.start, last.end).trim()
    // A routine answers with as many results as it likes.
    if (/^(?:call|delimiter)\b/i.test(text)) return undefined
    const count = tokens.filter(({ kind }) => kind === 'placeholder').length
    queries.push({ ...query, sql: text, bindings: bindings.slice(next, next + count) })
    next += count
  }
  return next === bindings.length ? queries : undefined
}

/** Gives the query the answers of its statements, in the form in which the driver gives those of one text. */
export function joinAnswers(query: QueryObject, queries: readonly QueryObject[]): void {
  const answers = queries.map(({ response }) => [response].flat() as unknown[])
  query.response = [answers.map(([rows]) => rows), answers.map(([, columns]) => columns)]
}
