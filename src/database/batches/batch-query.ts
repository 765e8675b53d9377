import type { Knex } from 'knex'
import type { KeyColumn } from './key-column.ts'
import { behindKey } from './key-sql.ts'

interface Statement {
  readonly grouping?: string
}

/** The parts of a query of Knex that its own types leave out. */
interface QueryParts {
  readonly _method?: string
  readonly _single: {
    readonly table?: unknown
    readonly schema?: unknown
    readonly limit?: unknown
    readonly offset?: unknown
  }
  readonly _statements: Statement[]
}

/** What batches are made of: a whole table, or a query of Knex. */
export interface BatchQuery {
  /** As the revision wrote it, without an alias. */
  readonly table: string
  readonly schema: string | undefined
  /** Whether it is all rows of one table. */
  readonly isWhole: boolean
  /** A fresh query for the same rows, sent by this handle. */
  on(knex: Knex): Knex.QueryBuilder
}

/** Takes a table's name, or a query. Throws TypeError for what cannot be gone over in batches. */
export function toBatchQuery(source: unknown): BatchQuery {
  if (typeof source === 'string') return { ...tableOf(source), isWhole: true, on: (knex) => knex(source) }
  if (!isQuery(source)) {
    throw new TypeError(
      'inBatches takes the name of a table, or a query that was not awaited: knex("users").where(...)',
    )
  }
  const { _method = 'select', _single, _statements } = source
  if (_method !== 'select') throw new TypeError(`inBatches goes over rows, and cannot "${_method}"`)
  const refused = _statements.map(({ grouping }) => REFUSED[grouping ?? '']).find((word) => word !== undefined)
  const own =
    refused ?? (_single.limit !== undefined ? 'a limit' : _single.offset !== undefined ? 'an offset' : undefined)
  if (own !== undefined) {
    throw new TypeError(`inBatches takes a query without ${own}: it goes over all rows, in the order of their key`)
  }
  if (typeof _single.table !== 'string') {
    throw new TypeError('inBatches takes a query that begins with a table: knex("users")')
  }
  return {
    ...tableOf(_single.table),
    ...(typeof _single.schema === 'string' ? { schema: _single.schema } : {}),
    isWhole: !_statements.some(({ grouping }) => grouping !== 'columns'),
    on: (knex) => {
      const query = source.clone()
      return 'isTransaction' in knex && knex.isTransaction === true
        ? query.transacting(knex as Knex.Transaction)
        : query
    },
  }
}

const REFUSED: Readonly<Record<string, string>> = { order: 'an order', union: 'a union' }

/** The next rows behind a key, in its order; from the first one on without a key. Each has the text of its key beside it. */
export function nextRows(
  query: Knex.QueryBuilder,
  columns: readonly KeyColumn[],
  behind: readonly string[] | undefined,
  count: number,
): Knex.QueryBuilder {
  const { _statements } = query as unknown as QueryParts
  if (!_statements.some(({ grouping }) => grouping === 'columns')) void query.select('*')
  for (const [index, { asText, name }] of columns.entries()) {
    const names = [...asText.matchAll(/\?\?/g)].map(() => name)
    void query.select(query.client.raw(`${asText} as ${keyAlias(index)}`, names))
  }
  enclose(query)
  if (behind !== undefined) {
    const { sql, bindings } = behindKey(columns, behind)
    void query.whereRaw(sql, bindings as Knex.RawBinding[])
  }
  for (const { name } of columns) void query.orderBy(name)
  return query.limit(count)
}

/** One row whose key has nothing in this column. */
export function rowsWithout(query: Knex.QueryBuilder, { name }: KeyColumn): Knex.QueryBuilder {
  enclose(query)
  return query.clearSelect().select(query.client.raw('1 as found')).whereNull(name).limit(1)
}

/** Takes the key off a row that `nextRows` gave; undefined when it is not there, because the project renames columns. */
export function takeKey(row: Record<string, unknown>, columns: readonly KeyColumn[]): string[] | undefined {
  const texts = columns.map((_, index) => {
    const alias = keyAlias(index)
    const text = row[alias]
    delete row[alias]
    return text
  })
  return texts.every((text) => text !== undefined && text !== null) ? texts.map(textOf) : undefined
}

// HEX and the like are binary to some drivers.
const textOf = (value: unknown): string => (value instanceof Uint8Array ? Buffer.from(value).toString() : String(value))

// Letters only, so that projects which write names in another way leave it as it is.
const keyAlias = (index: number): string => `revkey${String.fromCharCode('a'.charCodeAt(0) + index)}`

/** Puts the conditions of the query in brackets, so that one more concerns all of them: `(a or b) and c`. */
function enclose(query: Knex.QueryBuilder): void {
  const { _statements } = query as unknown as QueryParts
  const own = _statements.filter(({ grouping }) => grouping === 'where')
  if (own.length === 0) return
  void query.clearWhere().where((inner) => {
    ;(inner as unknown as QueryParts)._statements.push(...own)
  })
}

function tableOf(text: string): { readonly table: string; readonly schema: string | undefined } {
  const [name = ''] = text.trim().split(/\s+as\s+/i)
  const parts = name.split('.')
  return { table: parts.at(-1) ?? name, schema: parts.length > 1 ? parts.slice(0, -1).join('.') : undefined }
}

function isQuery(source: unknown): source is Knex.QueryBuilder & QueryParts {
  if (typeof source !== 'object' || source === null) return false
  const { _statements, _single, clone } = source as Partial<QueryParts> & { clone?: unknown }
  return Array.isArray(_statements) && typeof _single === 'object' && typeof clone === 'function'
}
