import type { Knex } from 'knex'

// The parts of Knex 3 that the guarded client builds on and that its own types leave out.

/** One compiled statement as the runner hands it to the client. */
export interface QueryObject {
  sql: string
  bindings?: readonly unknown[]
  method?: string | undefined
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
  /** Sends one of the statements. */
  query(query: unknown): Promise<unknown>
  /** Calls the function once there is a connection, with this runner and what else was given. */
  ensureConnection(act: (runner: unknown, given: unknown) => unknown, given?: unknown): Promise<unknown>
  stream(...args: unknown[]): unknown
}

/** Knex's Transaction object: a promise of its end, and the client that its handle works with once it has begun. */
export interface KnexTransaction extends PromiseLike<unknown> {
  readonly trxClient?: InternalClient
}

export type TransactionContainer = (trx: Knex.Transaction) => unknown

export interface TableBuilder {
  readonly _single: { comment?: string }
  readonly _statements: readonly {
    readonly grouping?: string
    readonly method?: string
    readonly args?: readonly unknown[]
    readonly builder?: ColumnBuilder
  }[]
}

export interface TableCompiler {
  readonly client: InternalClient
  renameColumn(from: string, to: string): void
  _setNullableState(column: string, nullable: boolean): void
  check(predicate: string, bindings: unknown, name?: string): void
  unique(columns: unknown, options?: unknown): void
  tableName(): string
  pushQuery(query: string | { readonly sql: string; output(rows: readonly Record<string, unknown>[]): unknown }): void
  readonly formatter: { wrap(identifier: string): string }
}

export interface ColumnBuilder {
  readonly _type: string
  readonly _args: unknown[]
  /** The arguments of `defaultTo`, `comment`, ... */
  readonly _modifiers: Record<string, unknown[] | undefined>
}

export interface ColumnCompiler {
  /** The type in lower case. */
  readonly type: string
  defaultTo(value: unknown, ...rest: unknown[]): string | undefined
  comment?(text: unknown): string | undefined
}

/** What Knex rebuilds a table of SQLite with; one object for one change. */
export interface TableRebuild {
  getTableSql(): Promise<{ readonly createTable: string; readonly createIndices: readonly string[] }>
  /** Sends the statements itself. */
  alter(createTable: string, createIndices: readonly string[], columns?: readonly string[]): Promise<unknown>
  /** Gives them to Knex. */
  generateAlterCommands(createTable: string, createIndices: readonly string[], columns?: unknown): Promise<unknown>
  tableName(): string
  alterColumn(columns: readonly { readonly name: string }[]): Promise<unknown>
  dropColumn(columns: readonly string[]): Promise<unknown>
  dropForeign(columns: readonly string[], name?: string): Promise<unknown>
  dropPrimary(name?: string): Promise<unknown>
  primary(columns: readonly string[], name?: string): Promise<unknown>
  foreign(key: unknown): Promise<unknown>
  setNullable(column: string, nullable: boolean): Promise<unknown>
}

/** Knex's Client with the methods that are overridden or called. */
export interface InternalClient {
  /** Known after connecting, on MySQL alone. */
  readonly isMariaDB?: boolean | undefined
  config: Readonly<Record<string, unknown>>
  transacting?: boolean
  readonly version?: string | null
  readonly connectionSettings?: object
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
  columnCompiler(tableCompiler: unknown, builder: ColumnBuilder): ColumnCompiler
  /** Only of SQLite. */
  ddl(compiler: unknown, pragma: unknown, connection: unknown): TableRebuild
  prepBindings(bindings: readonly unknown[] | undefined): readonly unknown[] | undefined
  _escapeBinding(value: unknown, context?: { readonly timeZone?: string | undefined }): string
  cancelQuery(connection: unknown): Promise<unknown>
}

export interface ClientClass {
  new (config: unknown): InternalClient
  readonly prototype: InternalClient
}
