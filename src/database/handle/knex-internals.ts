import type { Knex } from 'knex'

// The parts of Knex 3 that the guarded client builds on and that its own types leave out.

/** One compiled statement as the runner hands it to the client. */
export interface QueryObject {
  sql: string
  bindings?: readonly unknown[]
  method?: string
  response?: unknown
}

/** A query, schema or raw builder. */
export interface KnexBuilder {
  client: InternalClient
  /** `select`, `insert`, `update`, ... of a query builder. */
  readonly _method?: string
  /** The calls of a schema builder. */
  readonly _sequence?: readonly { readonly method: string; readonly args: readonly unknown[] }[]
  /** The text of a raw one. */
  readonly sql?: string
  toSQL(...args: unknown[]): unknown
  clone?(): KnexBuilder
}

export interface KnexRunner {
  run(): Promise<unknown>
  stream(...args: unknown[]): unknown
}

/** Knex's Transaction object: a promise of its end, and the client that its handle works with once it has begun. */
export interface KnexTransaction extends PromiseLike<unknown> {
  readonly trxClient?: InternalClient
}

export type TransactionContainer = (trx: Knex.Transaction) => unknown

export interface TableBuilder {
  readonly _single: { comment?: string }
}

export interface TableCompiler {
  renameColumn(from: string, to: string): void
  tableName(): string
  pushQuery(sql: string): void
  readonly formatter: { wrap(identifier: string): string }
}

export interface ColumnBuilder {
  readonly _type: string
  readonly _args: unknown[]
}

/** Knex's Client with the methods that are overridden or called. */
export interface InternalClient {
  config: Readonly<Record<string, unknown>>
  transacting?: boolean
  readonly version?: string | null
  readonly canCancelQuery?: boolean
  on(event: string, listener: (...args: unknown[]) => void): unknown
  emit(event: string, ...args: unknown[]): boolean
  query(connection: unknown, query: string | QueryObject): Promise<unknown>
  _query(connection: unknown, query: QueryObject): Promise<unknown>
  stream(connection: unknown, query: QueryObject, stream: NodeJS.EventEmitter, options: unknown): Promise<unknown>
  positionBindings(sql: string): string
  acquireConnection(): Promise<unknown>
  releaseConnection(connection: unknown): Promise<void>
  initializeDriver(): void
  initializePool(config?: unknown): void
  destroy(callback?: (error?: unknown) => void): Promise<void>
  transaction(container: TransactionContainer, config: unknown, outer: unknown): KnexTransaction
  runner(builder: KnexBuilder): KnexRunner
  queryBuilder(): KnexBuilder
  schemaBuilder(): KnexBuilder
  raw(...args: unknown[]): KnexBuilder
  queryCompiler(builder: KnexBuilder, formatter?: unknown): unknown
  schemaCompiler(builder: KnexBuilder): unknown
  tableCompiler(builder: TableBuilder): TableCompiler
  columnCompiler(tableCompiler: unknown, builder: ColumnBuilder): unknown
  cancelQuery(connection: unknown): Promise<unknown>
}

export interface ClientClass {
  new (config: unknown): InternalClient
  readonly prototype: InternalClient
}
