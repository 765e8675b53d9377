import { RevError } from '../errors/index.ts'
import { fillPlaceholders } from './fill-placeholders.ts'
import { DEFAULT_LITERALS, type LiteralOptions } from './literals/literal-options.ts'
import { placeIn } from './place.ts'
import { poison } from './poison.ts'
import { ScriptFault } from './script-fault.ts'
import type { ScriptSink } from './script-sink.ts'
import type { SqlFamily } from './sql-family.ts'

/** What Knex hands to a client to be run. */
export interface KnexQuery {
  readonly sql: string
  readonly bindings?: readonly unknown[]
  readonly method?: string
  /** Turns the response into what the caller gets; only reads have one, and SQLite's truncate. */
  readonly output?: unknown
}

/** A builder of Knex, of any kind; where it was made is kept for `asyncStackTraces`. */
export interface KnexBuilder {
  readonly _asyncStack?: { readonly error: Error }
  toSQL(): { sql?: string } | { sql?: string }[]
}

/** The revision whose function is being recorded. */
export interface RecordedRevision {
  readonly revision: string
  readonly file: string | undefined
  readonly transaction: boolean
  readonly signal: AbortSignal
}

const ENDS_TRANSACTION =
  /^\s*(?:commit|rollback(?!\s+(?:(?:work|transaction)\s+)?to)|begin(?!\s+not\s+atomic)|start\s+transaction|end|abort)\b/i
const READS: ReadonlySet<string | undefined> = new Set(['select', 'first', 'pluck', 'columnInfo'])

/**
 * Takes what Knex would send, in order, and puts it into the script. One revision at a time; the first fault of a
 * revision stays its fault, also when the revision catches it.
 */
export class Recording {
  readonly #family: SqlFamily
  readonly #sink: ScriptSink
  #literals = DEFAULT_LITERALS
  #revision: RecordedRevision | undefined
  #failure: unknown
  /** The clients of the open transactions, the innermost last; the revision's own transaction is not among them. */
  #transactions: { client: object; savepoint: string | undefined }[] = []
  #outermost: object | undefined
  #savepoints = 0
  #isRunning = false
  readonly #stacks = new WeakMap<object, Error>()
  readonly #pending = new Map<KnexBuilder, Promise<unknown>>()

  constructor(family: SqlFamily, sink: ScriptSink) {
    this.#family = family
    this.#sink = sink
  }

  useLiterals(options: LiteralOptions): void {
    this.#literals = options
  }

  start(revision: RecordedRevision): void {
    this.#revision = revision
    this.#failure = undefined
    this.#transactions = []
    this.#outermost = undefined
    this.#savepoints = 0
    this.#isRunning = true
    this.#pending.clear()
  }

  /** Runs the revision's function. Throws what went wrong meanwhile, also what it caught, or what it left undone. */
  async run(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      throw this.#failure ?? error
    } finally {
      this.#isRunning = false
    }
    if (this.#failure !== undefined) throw this.#failure
    const [builder] = this.#pending.keys()
    if (builder !== undefined) {
      const more = this.#pending.size - 1
      const details = { ...this.#place(builder), statement: textOf(builder), state: 'pending' as const, more }
      // They have to end before the transaction does, or each would fail unheard.
      await Promise.allSettled(this.#pending.values())
      this.#fail(new RevError('REV_STEP_FORGOTTEN', details))
    }
    if (this.#transactions.length > 0) {
      this.#fail(new RevError('REV_STEP_TRANSACTION_LEFT_OPEN', this.#place(undefined)))
    }
  }

  /** Watches a builder that is being run, until it has ended. */
  async watch<T>(builder: KnexBuilder, run: () => Promise<T>): Promise<T> {
    const running = run()
    this.#pending.set(builder, running)
    try {
      return await running
    } finally {
      this.#pending.delete(builder)
    }
  }

  /** Remembers which builder a query comes from; the builder knows where it was made, the running query does not. */
  remember(query: object, { _asyncStack }: KnexBuilder): void {
    if (_asyncStack !== undefined) this.#stacks.set(query, _asyncStack.error)
  }

  /** What the client's `query` does: resolves to the response. */
  query(client: object, query: string | KnexQuery): Promise<unknown> {
    return typeof query === 'string' ? this.#control(client, query) : this.#record(client, query)
  }

  /** What the client's `stream` does. */
  refuseStream(query: KnexQuery): never {
    return this.#refuseRead(query, false)
  }

  refuseDestroy(): never {
    return this.#fail(new RevError('REV_STEP_DESTROYED_HANDLE', this.#place(undefined, new Error())))
  }

  async #record(client: object, query: KnexQuery): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure
    this.#revision?.signal.throwIfAborted()
    this.#assertInnermost(client, query)
    const isTruncate = query.method === 'truncate'
    if (READS.has(query.method) || (query.output !== undefined && !isTruncate)) this.#refuseRead(query, false)
    if (this.#revision?.transaction === true && ENDS_TRANSACTION.test(query.sql)) {
      this.#fail(new RevError('REV_STEP_TRANSACTION_ENDED', { ...this.#place(query), statement: query.sql }))
    }
    const statements = this.#fill(query)
    await Promise.all(statements.map((statement) => this.#sink.statement(statement)))
    if (isTruncate && this.#family === 'sqlite') await this.#resetSequence(query)
    return poison(() => this.#refuseRead(query, true))
  }

  #fill(query: KnexQuery) {
    try {
      return fillPlaceholders(query.sql, query.bindings ?? [], this.#family, this.#literals)
    } catch (error) {
      if (!(error instanceof ScriptFault)) throw error
      const place = this.#place(query)
      if (error.kind === 'placeholder' && this.#family === 'postgresql') {
        return this.#fail(new RevError('REV_STEP_UNBOUND_PLACEHOLDER', { ...place, statement: query.sql }))
      }
      const details = { ...place, query: query.sql, reason: error.message }
      const code = error.kind === 'value' ? 'REV_OFFLINE_LITERAL' : 'REV_OFFLINE_STATEMENT'
      return this.#fail(new RevError(code, details, { cause: error }))
    }
  }

  // Knex empties SQLite's counters too, and ignores that there may be none. A script cannot ignore an error, so it makes
  // sure that the table of counters is there: SQLite creates it with the first table that counts.
  async #resetSequence(query: KnexQuery): Promise<void> {
    const table = /`((?:[^`]|``)+)`\s*$/.exec(query.sql)?.[1]?.replaceAll('``', '`')
    if (table === undefined) return
    const statements = [
      'CREATE TABLE rev_counter (id integer PRIMARY KEY AUTOINCREMENT)',
      'DROP TABLE rev_counter',
      `DELETE FROM sqlite_sequence WHERE name = '${table.replaceAll("'", "''")}'`,
    ]
    await Promise.all(statements.map((sql) => this.#sink.statement({ sql, hasBody: false })))
  }

  /** BEGIN, COMMIT and savepoints, which Knex sends as plain text. */
  async #control(client: object, sql: string): Promise<unknown> {
    const name = /SAVEPOINT (\w+)/i.exec(sql)?.[1]
    if (/^SAVEPOINT/i.test(sql)) {
      // Knex numbers savepoints through the life of the process; the script counts its own.
      this.#savepoints += 1
      const savepoint = `rev_${this.#savepoints}`
      this.#transactions.push({ client, savepoint })
      await this.#sink.savepoint(savepoint)
    } else if (/^BEGIN/i.test(sql)) await this.#begin(client, sql)
    else if (/^SET TRANSACTION/i.test(sql)) await this.#sink.text(`${sql.replace(/;$/, '')};\n\n`)
    else await this.#end(client, /^(?:ROLLBACK)/i.test(sql), name !== undefined)
    return undefined
  }

  async #begin(client: object, sql: string): Promise<void> {
    if (this.#revision?.transaction === true && this.#outermost === undefined) {
      this.#outermost = client
      return
    }
    if (this.#transactions.length > 0) {
      this.#fail(new RevError('REV_STEP_CONCURRENT_TRANSACTION', { ...this.#place(undefined), statement: sql }))
    }
    this.#transactions.push({ client, savepoint: undefined })
    await this.#sink.open(/ISOLATION|READ/i.test(sql) ? sql.replace(/;$/, '') : undefined)
  }

  async #end(client: object, isRollback: boolean, isSavepoint: boolean): Promise<void> {
    if (client === this.#outermost) {
      if (!this.#isRunning) return
      this.#fail(
        new RevError('REV_STEP_TRANSACTION_ENDED', { ...this.#place(undefined, new Error()), statement: undefined }),
      )
    }
    const open = this.#transactions.pop()
    if (isSavepoint && open?.savepoint !== undefined) {
      return this.#sink.endSavepoint(open.savepoint, isRollback ? 'ROLLBACK TO SAVEPOINT' : 'RELEASE SAVEPOINT')
    }
    await (isRollback ? this.#sink.rollback() : this.#sink.commit())
  }

  #assertInnermost(client: object, query: KnexQuery): void {
    const innermost = this.#transactions.at(-1)
    if (innermost === undefined || innermost.client === client) return
    this.#fail(new RevError('REV_STEP_CONCURRENT_TRANSACTION', { ...this.#place(query), statement: query.sql }))
  }

  #refuseRead(query: KnexQuery, resultOnly: boolean): never {
    const here = this.#place(query, resultOnly ? new Error() : undefined)
    return this.#fail(new RevError('REV_OFFLINE_READ', { ...here, query: query.sql, resultOnly }))
  }

  #fail(error: unknown): never {
    this.#failure ??= error
    throw this.#failure
  }

  /** Where the code stands, from the stack of now when it tells, else from where the query was built. */
  #place(query: object | undefined, now?: Error) {
    const { revision = '', file } = this.#revision ?? {}
    const here = placeIn(now?.stack, file)
    const built =
      query === undefined ? undefined : (this.#stacks.get(query) ?? (query as KnexBuilder)._asyncStack?.error)
    const place = here.line !== undefined || built === undefined ? here : placeIn(built.stack, file)
    return { revision, ...place }
  }
}

function textOf(builder: KnexBuilder): string {
  const compiled = builder.toSQL()
  return (Array.isArray(compiled) ? compiled : [compiled]).map(({ sql }) => sql ?? '').join(';\n')
}
