import type { Knex } from 'knex'

type AfterCreate = (raw: unknown, done: (error?: unknown, raw?: unknown) => void) => void
interface Querying {
  query(statement: unknown, ...rest: unknown[]): unknown
}

/**
 * The pool of the project, with every statement of its connections shown to `refuse` before it is sent; the words that
 * come back are those of the error that it fails with.
 */
export function watchedPool(
  pool: Knex.PoolConfig | undefined,
  refuse: (sql: string) => string | undefined,
): Knex.PoolConfig {
  const before = pool?.afterCreate as AfterCreate | undefined
  const afterCreate: AfterCreate = (raw, done) => {
    watch(raw as Querying, refuse)
    if (before === undefined) done(undefined, raw)
    else before(raw, done)
  }
  return { ...pool, afterCreate }
}

function watch(raw: Querying, refuse: (sql: string) => string | undefined): void {
  const query = raw.query.bind(raw)
  raw.query = (statement, ...rest) => {
    const { text, sql } = Object(statement) as { text?: unknown; sql?: unknown }
    const refusal = refuse(String(typeof statement === 'string' ? statement : (text ?? sql)))
    if (refusal !== undefined) throw new Error(refusal)
    return query(statement, ...rest)
  }
}
