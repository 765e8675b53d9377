import { nameWords, type QualifiedName, WordCursor } from './statement-names.ts'

/** What a statement of PostgreSQL that is refused in a transaction aims at. */
export type PostgresqlAim =
  | {
      readonly kind: 'create-index'
      /** Undefined where PostgreSQL chooses the name. */
      readonly name: string | undefined
      readonly table: QualifiedName
    }
  | { readonly kind: 'drop-index'; readonly indexes: readonly QualifiedName[] }
  | { readonly kind: 'enum-value'; readonly type: QualifiedName }
  | {
      readonly kind: 'named'
      readonly catalogue: 'pg_database' | 'pg_tablespace' | 'pg_subscription'
      readonly name: string
    }
  /** `index` or `table` when an index is made anew beside the old one, and a failed attempt leaves it. */
  | { readonly kind: 'repeatable'; readonly reindexed?: QualifiedName }
  | { readonly kind: 'unknown' }

const UNKNOWN: PostgresqlAim = { kind: 'unknown' }
const CATALOGUES = {
  database: ['pg_database', 'datname'],
  tablespace: ['pg_tablespace', 'spcname'],
  subscription: ['pg_subscription', 'subname'],
} as const

/** What one statement aims at. */
export function postgresqlAim(sql: string): PostgresqlAim {
  const words = nameWords(sql, 'postgresql')
  const last = words.findLastIndex(({ text }) => text !== ';')
  if (words.slice(0, last).some(({ text }) => text === ';')) return UNKNOWN
  const cursor = new WordCursor(words)
  if (cursor.take('vacuum', 'cluster', 'checkpoint', 'analyze') !== undefined) return { kind: 'repeatable' }
  if (cursor.take('reindex') !== undefined) return reindexAim(cursor)
  if (cursor.takeAll('alter', 'system')) return { kind: 'repeatable' }
  if (cursor.takeAll('alter', 'type')) return enumAim(cursor)
  if (cursor.take('drop') !== undefined) return dropAim(cursor)
  if (cursor.take('create') === undefined) return UNKNOWN
  cursor.take('unique')
  if (cursor.takeAll('index', 'concurrently')) return createIndexAim(cursor)
  return namedAim(cursor)
}

function createIndexAim(cursor: WordCursor): PostgresqlAim {
  cursor.takeAll('if', 'not', 'exists')
  const isUnnamed = cursor.take('on') !== undefined
  const index = isUnnamed ? undefined : cursor.name()
  if (!isUnnamed && (index === undefined || cursor.take('on') === undefined)) return UNKNOWN
  cursor.take('only')
  const table = cursor.name()
  return table === undefined ? UNKNOWN : { kind: 'create-index', name: index?.name, table }
}

function dropAim(cursor: WordCursor): PostgresqlAim {
  if (!cursor.takeAll('index', 'concurrently')) return namedAim(cursor)
  cursor.takeAll('if', 'exists')
  const indexes = cursor.names()
  return indexes.length === 0 ? UNKNOWN : { kind: 'drop-index', indexes }
}

function namedAim(cursor: WordCursor): PostgresqlAim {
  const kind = cursor.take('database', 'tablespace', 'subscription') as keyof typeof CATALOGUES | undefined
  if (kind === undefined) return UNKNOWN
  cursor.takeAll('if', 'exists')
  const found = cursor.name()
  return found === undefined ? UNKNOWN : { kind: 'named', catalogue: CATALOGUES[kind][0], name: found.name }
}

/** The column of names of a catalogue. */
export function nameColumnOf(catalogue: 'pg_database' | 'pg_tablespace' | 'pg_subscription'): string {
  return Object.values(CATALOGUES).find(([name]) => name === catalogue)?.[1] ?? ''
}

function enumAim(cursor: WordCursor): PostgresqlAim {
  const type = cursor.name()
  return type !== undefined && cursor.take('add', 'rename') !== undefined ? { kind: 'enum-value', type } : UNKNOWN
}

function reindexAim(cursor: WordCursor): PostgresqlAim {
  const kind = cursor.skipTo('index', 'table', 'schema', 'database', 'system')
  cursor.take('concurrently')
  const name = cursor.name()
  if (name === undefined || (kind !== 'index' && kind !== 'table')) return { kind: 'repeatable' }
  return { kind: 'repeatable', reindexed: name }
}
