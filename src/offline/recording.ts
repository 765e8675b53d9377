import { type CapturedStack, findCallSite } from '../database/handle/call-site.ts'
import type { QueryObject, TableBuilder } from '../database/handle/knex-internals.ts'
import { endsTransaction, isDefinition } from '../database/handle/statement-kind.ts'
import { RevError } from '../errors/index.ts'
import { hasBackslashInQuotes, mayLikeBackslashes } from '../sql/mysql-modes.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { sqlTokens } from '../sql/sql-tokens.ts'
import { bareSql } from './dialects/postgresql/bare-sql.ts'
import type { ScriptStatement } from './fill-placeholders.ts'
import { isListResponse } from './is-list-response.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import { poison } from './poison.ts'
import { toSchemaRead } from './reads/to-schema-read.ts'
import type { KnexQuery, RecordedRevision, RevisionPlace } from './recorded-revision.ts'
import { resetCounter } from './reset-counter.ts'
import type { ScriptSink } from './script-sink.ts'
import { setsSession } from './sets-session.ts'
import { StatementFiller } from './statement-filler.ts'
import { textsOfTable } from './texts-of-table.ts'

/** What became of a query: the response, in the driver's form, or a stand-in of which nothing can be asked. */
export type Recorded = { readonly answered: unknown } | { readonly written: unknown }

const READS: ReadonlySet<string | undefined> = new Set(['select', 'first', 'pluck', 'columnInfo'])
// Only these can be reads; long inserts need not be looked through.
const MAY_READ =
  /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with|show|pragma|desc|describe|explain|table|values)\b/i
// Begun within a transaction, another one is a warning and nothing else.
const BEGINS = /^(?:begin|start)\b/i
/** Takes what one revision's Knex would send, in order, and puts it into the script. */
export class Recording {
  readonly #family: SqlFamily
  readonly #filler: StatementFiller
  readonly #sink: ScriptSink
  readonly #revision: RecordedRevision
  /** The savepoints of the open transactions as the script names them, the innermost last; the outermost has none. */
  readonly #open: (string | undefined)[] = []
  #savepoints = 0
  /** What has opened a transaction with SQL of its own, in a revision without one, until it is ended. */
  #begun: { readonly place: RevisionPlace; readonly query: string } | undefined

  constructor(family: SqlFamily, literals: LiteralOptions, sink: ScriptSink, revision: RecordedRevision) {
    this.#family = family
    this.#filler = new StatementFiller(family, literals, revision, () => this.#place())
    this.#sink = sink
    this.#revision = revision
  }

  /** What the client's `query` does with a query of its builders. */
  async query(query: KnexQuery): Promise<Recorded> {
    const known = this.#revision.care.answer(query.sql)
    if (known !== undefined) return { answered: known }
    const isTruncate = query.method === 'truncate'
    const statements = this.#filler.statementsOf(query)
    if (this.#family === 'mysql' && statements.some(({ sql }) => mayLikeBackslashes(sql))) {
      this.#revision.noteBackslashes()
    }
    const [only] = statements
    const { method, output } = query
    if (statements.length === 1 && only !== undefined && MAY_READ.test(only.sql)) {
      const sql = this.#filler.asked(query, only.sql)
      const read = toSchemaRead({ ...this.#revision.names, sql, method, output }, this.#family)
      if (read !== undefined) return { answered: await this.#revision.answer(read, query, this.#place()) }
    }
    if (READS.has(method) || (output !== undefined && !isTruncate)) {
      this.#revision.refuseRead(query, this.#place(), false)
    }
    if (isTruncate && this.#family === 'sqlite') {
      statements.push(...resetCounter(query.sql))
      // Online it is a statement of its own.
      this.#revision.gate.state.statements += 1
    }
    if (this.#endsTransaction(statements)) {
      const { gate } = this.#revision
      throw gate.violate(new RevError('REV_STEP_TRANSACTION_ENDED', { ...this.#place(), statement: query.sql }))
    }
    this.#noteBegun(statements)
    const built = this.#revision.gate.origin.get()
    await this.#write(statements)
    const fail = (stack: CapturedStack): never => this.#revision.refuseRead(query, this.#place(stack, built), true)
    return { written: poison(fail, isListResponse(query, statements.length, this.#family)) }
  }

  /** A piece of SQL that is the revision's own, not compiled by Knex. */
  noteText(sql: unknown): void {
    if (this.#family !== 'mysql' || typeof sql !== 'string') return
    if (hasBackslashInQuotes(sql)) this.#revision.noteBackslashes()
  }

  /** The same of what stands in the definition of a table. */
  noteTable(builder: TableBuilder): void {
    if (this.#family === 'mysql') for (const text of textsOfTable(builder)) this.noteText(text)
  }

  /** What the client's `stream` does: rows cannot be had. */
  /** Writes a statement of rev's own, which ends no transaction of the run. */
  prepare(sql: string): Promise<void> {
    return this.#sink.statement({ sql, hasBody: false })
  }

  /** Has the script stop here, with this message, where the query finds a row; nothing asks for it now. */
  refuseRows(query: KnexQuery, message: string): Promise<void> {
    const [statement] = this.#filler.statementsOf(query)
    return this.#revision.refuseIf(`EXISTS (${statement?.sql})`, message)
  }

  /** A statement over a connection that the revision has got elsewhere; throws always. */
  refuseConnection({ sql }: QueryObject): never {
    const reason = 'it goes over another connection than that of the revision'
    // A run refuses it, too, and whoever catches that goes on.
    if (this.#revision.transaction) throw new Error(`a statement of a transaction was refused: ${reason}`)
    throw new RevError('REV_OFFLINE_STATEMENT', { ...this.#place(), query: sql, reason })
  }

  refuseStream(query: QueryObject): never {
    return this.#revision.refuseRead(query, this.#place(), false)
  }

  /** BEGIN, COMMIT and savepoints, which Knex sends as plain text. */
  control(text: string): Promise<void> {
    const sql = text.replace(/;$/, '')
    if (/^savepoint/i.test(sql)) {
      // Knex numbers savepoints through the life of the process; the script counts its own.
      this.#savepoints += 1
      const name = `rev_${this.#savepoints}`
      this.#open.push(name)
      return this.#sink.savepoint(name)
    }
    if (/^begin/i.test(sql)) {
      this.#open.push(undefined)
      this.#revision.runTransaction?.begin()
      // Only the revision's own transaction is rev's to arrange; one that the revision opens is as it asked.
      return this.#revision.transaction
        ? this.#sink.begin()
        : this.#sink.open(/^begin transaction/i.test(sql) ? sql : undefined)
    }
    if (!/^(?:commit|release|rollback)/i.test(sql)) return this.#sink.statement({ sql, hasBody: false })
    const undoing = /^rollback/i.test(sql)
    const savepoint = this.#open.pop()
    if (savepoint !== undefined) {
      return this.#sink.endSavepoint(savepoint, undoing ? 'ROLLBACK TO SAVEPOINT' : 'RELEASE SAVEPOINT')
    }
    this.#revision.runTransaction?.end()
    return undoing ? this.#sink.rollback() : this.#sink.commit()
  }

  /** Throws when the revision has left a transaction open: online that is rolled back, and the client would commit it. */
  end(): void {
    if (this.#begun === undefined) return
    const { place, query } = this.#begun
    const reason = 'it opens a transaction that the revision does not end; use knex.transaction(async (trx) => ...)'
    throw new RevError('REV_OFFLINE_STATEMENT', { ...place, query, reason })
  }

  #noteBegun(statements: readonly ScriptStatement[]): void {
    if (this.#revision.transaction) return
    for (const { sql } of statements) {
      if (endsTransaction(sql, this.#family)) {
        const opens = BEGINS.test(firstWord(sql, this.#family))
        this.#begun = opens ? { place: this.#place(), query: sql } : undefined
      } else if (this.#family === 'mysql' && isDefinition(sql, this.#family)) this.#begun = undefined
    }
  }

  #write(statements: readonly ScriptStatement[]): Promise<unknown> {
    if (statements.some(({ sql }) => setsSession(sql))) this.#revision.noteSession()
    // The server takes a text of several statements as one transaction; a client sends them one by one.
    for (const { sql } of statements) this.#revision.runTransaction?.statement(sql)
    const together =
      this.#family === 'postgresql' && statements.length > 1 && this.#open.length === 0 && !this.#revision.transaction
    if (together) void this.#sink.open()
    const written = statements.map((statement) => this.#sink.statement(statement))
    if (together) written.push(this.#sink.commit())
    const [only] = written
    return written.length === 1 && only !== undefined ? only : Promise.all(written)
  }

  /** Whether one of several statements ends the revision's own transaction; online the server is asked afterwards. */
  #endsTransaction(statements: readonly ScriptStatement[]): boolean {
    if (this.#family !== 'postgresql' || !this.#revision.transaction || statements.length < 2) return false
    return statements.some(({ sql }) => endsTransaction(sql, 'postgresql') && !BEGINS.test(bareSql(sql)))
  }

  /** Where the code stands: the given place, else where the statement was built; that which runs, unless it is given. */
  #place(use?: CapturedStack, built = this.#revision.gate.origin.get()): RevisionPlace {
    const { revision, file } = this.#revision
    const here = findCallSite(use?.stack, file)
    return { revision, ...(here.line === undefined ? findCallSite(built?.stack, file) : here) }
  }
}

function firstWord(sql: string, family: SqlFamily): string {
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const [word] = (kind === 'code' && /\w+/.exec(sql.slice(start, end))) || []
    if (word !== undefined) return word
  }
  return ''
}
