import { type CapturedStack, findCallSite } from '../database/handle/call-site.ts'
import type { QueryObject } from '../database/handle/knex-internals.ts'
import type { StatementGate } from '../database/handle/statement-gate.ts'
import { endsTransaction, isDefinition } from '../database/handle/statement-kind.ts'
import { RevError } from '../errors/index.ts'
import { hasBackslashInQuotes, mayLikeBackslashes, mayMakeBackslashesPlain } from '../sql/mysql-modes.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { sqlTokens } from '../sql/sql-tokens.ts'
import { usedId } from './borrowed-ids.ts'
import { usesName } from './borrowed-name.ts'
import { bareSql } from './dialects/postgresql/bare-sql.ts'
import type { StepCare } from './dialects/script-dialect.ts'
import { fillPlaceholders, type ScriptStatement } from './fill-placeholders.ts'
import { isListResponse } from './is-list-response.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import { poison } from './poison.ts'
import type { SchemaRead } from './reads/schema-read.ts'
import { type PossibleRead, toSchemaRead } from './reads/to-schema-read.ts'
import type { RunTransaction } from './run-transaction.ts'
import { ScriptFault } from './script-fault.ts'
import type { ScriptSink } from './script-sink.ts'

/** What Knex hands to a client to be run. */
export interface KnexQuery extends QueryObject {
  /** Turns the response into what the caller gets; only reads have one, and SQLite's truncate. */
  readonly output?: unknown
  readonly returning?: unknown
}

/** Where in the revisions something stands. */
export interface RevisionPlace {
  readonly revision: string
  readonly file: string | undefined
  readonly line: number | undefined
}

/** The revision whose function is being recorded. */
export interface RecordedRevision {
  readonly revision: string
  readonly file: string | undefined
  readonly transaction: boolean
  readonly gate: Pick<StatementGate, 'origin' | 'violate' | 'state'>
  readonly care: StepCare
  /** What is known of names in reads: the connection's own database, and whether the project translates names. */
  readonly names: Pick<PossibleRead, 'database' | 'renames'>
  /** MySQL: whether the driver takes several statements in one text. */
  readonly takesSeveral: boolean
  /** MySQL: what a run would be within. */
  readonly runTransaction: RunTransaction | undefined
  /** Has a read of the schema answered, and the answer checked by the script. */
  answer(read: SchemaRead, query: QueryObject, place: RevisionPlace): Promise<unknown>
  /** A read of rows, which ends the recording; throws always. */
  refuseRead(query: QueryObject, place: RevisionPlace, resultOnly: boolean): never
  /** A name that means nothing outside of the shadow and that the revision has been told; see `borrowedName`. */
  borrowedName(): string | undefined
  /** PostgreSQL: the ids of objects that mean nothing outside of the shadow, as far as the revision has been told them. */
  readonly borrowedIds: ReadonlySet<string>
  /** The statement changes settings of the session. */
  noteSession(): void
  /** MySQL: the revision has SQL that means something else where a backslash is a plain character. */
  noteBackslashes(): void
}

/** What became of a query: the response, in the driver's form, or a stand-in of which nothing can be asked. */
export type Recorded = { readonly answered: unknown } | { readonly written: unknown }

const READS: ReadonlySet<string | undefined> = new Set(['select', 'first', 'pluck', 'columnInfo'])
// Only these can be reads; long inserts need not be looked through.
const MAY_READ =
  /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with|show|pragma|desc|describe|explain|table|values)\b/i
const SETS_SESSION = /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/)*(?:\/\*M?!\d*\s*)?(?:set|reset|use)\b/i
// By itself: as another branch of a pattern with an anchor it would have the anchor tried at every character.
const CALLS_SET_CONFIG = /\bset_config\s*\(/i
// In PL/pgSQL, as a statement or in the text of one; the SET of an UPDATE comes after a name.
const BLOCK_SETS_SESSION =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*do\b[\s\S]*?(?:['$;]|\b(?:begin|then|else|loop))\s*(?:set|reset)\s/i
// Begun within a transaction, another one is a warning and nothing else.
const BEGINS = /^(?:begin|start)\b/i
const NO_SAVEPOINT =
  'there is no savepoint here: no transaction was begun, or a statement that commits by itself has ended it; `rev upgrade` would fail here'
const TEMPORARY_TABLE = /_knex_temp_alter\d+/g
const CREATES_TEMPORARY_TABLE = /^CREATE TABLE [`"](_knex_temp_alter\d+)/i

/** Takes what one revision's Knex would send, in order, and puts it into the script. */
export class Recording {
  readonly #family: SqlFamily
  #literals: LiteralOptions
  readonly #sink: ScriptSink
  readonly #revision: RecordedRevision
  /** The savepoints of the open transactions as the script names them, the innermost last; the outermost has none. */
  readonly #open: (string | undefined)[] = []
  readonly #temporaryTables = new Map<string, string>()
  #namedTables = 0
  #savepoints = 0
  /** What has opened a transaction with SQL of its own, in a revision without one, until it is ended. */
  #begun: { readonly place: RevisionPlace; readonly query: string } | undefined

  constructor(family: SqlFamily, literals: LiteralOptions, sink: ScriptSink, revision: RecordedRevision) {
    this.#family = family
    this.#literals = literals
    this.#sink = sink
    this.#revision = revision
  }

  /** What the client's `query` does with a query of its builders. */
  async query(query: KnexQuery): Promise<Recorded> {
    const known = this.#revision.care.answer(query.sql)
    if (known !== undefined) return { answered: known }
    const isTruncate = query.method === 'truncate'
    const statements = this.#fill(query)
    if (this.#family === 'mysql' && statements.some(({ sql }) => mayLikeBackslashes(sql))) {
      this.#revision.noteBackslashes()
    }
    const [only] = statements
    const { method, output } = query
    if (statements.length === 1 && only !== undefined && MAY_READ.test(only.sql)) {
      const sql = this.#asked(query, only.sql)
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

  /** What the client's `stream` does: rows cannot be had. */
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

  /** A read as it stands in checks, which may be made elsewhere in the script, in another SQL mode. */
  #asked(query: KnexQuery, sql: string): string {
    if (this.#family !== 'mysql') return sql
    return this.#fill(query, { ...this.#literals, textInBytes: true })[0]?.sql ?? sql
  }

  #fill(query: KnexQuery, literals = this.#literals): ScriptStatement[] {
    try {
      const bindings = query.bindings ?? []
      const statements = fillPlaceholders(query.sql, bindings, this.#family, literals)
      if (!literals.textInBytes && this.#mayChangeMode(query, statements)) {
        this.#literals = { ...literals, textInBytes: true }
        return this.#fill(query)
      }
      if (statements.length > 1) this.#refuseSeveral(bindings)
      const name = this.#revision.borrowedName()
      if (name !== undefined && statements.some(({ sql }) => usesName(sql, name))) {
        throw new ScriptFault('statement', `it names "${name}", the scratch database that has answered this revision`)
      }
      for (const { sql } of statements) {
        this.#refuseId(sql)
        if (this.#revision.runTransaction?.missesSavepoint(sql)) throw new ScriptFault('statement', NO_SAVEPOINT)
      }
      return this.#family === 'sqlite'
        ? statements.map((statement) => this.#nameTemporaryTables(statement))
        : statements
    } catch (error) {
      if (!(error instanceof ScriptFault)) throw error
      const place = this.#place()
      if (error.kind === 'placeholder') {
        throw new RevError('REV_STEP_UNBOUND_PLACEHOLDER', { ...place, statement: query.sql })
      }
      const details = { ...place, query: query.sql, reason: error.message }
      const code = error.kind === 'value' ? 'REV_OFFLINE_LITERAL' : 'REV_OFFLINE_STATEMENT'
      throw new RevError(code, details, { cause: error })
    }
  }

  // Builders, whose statements may be long, set nothing.
  #mayChangeMode({ method = 'raw' }: KnexQuery, statements: readonly ScriptStatement[]): boolean {
    if (this.#family !== 'mysql' || method !== 'raw') return false
    return statements.some(({ sql }) => mayMakeBackslashesPlain(sql))
  }

  #refuseId(sql: string): void {
    const id = usedId(sql, this.#revision.borrowedIds)
    if (id === undefined) return
    const reason = `it uses ${id}, the id of an object in the scratch database that has answered this revision, and every database has ids of its own; let the statement look it up: 'name'::regclass`
    throw new ScriptFault('statement', reason)
  }

  // Each would work in the script, and all of them together fail online.
  #refuseSeveral(bindings: readonly unknown[]): void {
    const several = 'it is several statements in one text, and'
    if (this.#family === 'postgresql') {
      if (bindings.length > 0)
        throw new ScriptFault('statement', `${several} PostgreSQL takes those only without values`)
    } else if (this.#family === 'sqlite') {
      throw new ScriptFault('statement', `${several} the driver takes one at a time`)
    } else if (!this.#revision.takesSeveral) {
      throw new ScriptFault('statement', `${several} the connection does not say multipleStatements`)
    }
  }

  // Knex draws these names by lot, and the same input shall give the same bytes, also where two lots are alike: each CREATE
  // is of another table.
  #nameTemporaryTables(statement: ScriptStatement): ScriptStatement {
    const created = CREATES_TEMPORARY_TABLE.exec(statement.sql)?.[1]
    if (created !== undefined) this.#temporaryTables.delete(created)
    const sql = statement.sql.replace(TEMPORARY_TABLE, (name) => {
      const own = this.#temporaryTables.get(name) ?? `_knex_temp_alter${1000 + this.#namedTables++}`
      this.#temporaryTables.set(name, own)
      return own
    })
    return { ...statement, sql }
  }

  /** Where the code stands: the given place, else where the statement was built; that which runs, unless it is given. */
  #place(use?: CapturedStack, built = this.#revision.gate.origin.get()): RevisionPlace {
    const { revision, file } = this.#revision
    const here = findCallSite(use?.stack, file)
    return { revision, ...(here.line === undefined ? findCallSite(built?.stack, file) : here) }
  }
}

function setsSession(sql: string): boolean {
  return SETS_SESSION.test(sql) || CALLS_SET_CONFIG.test(sql) || BLOCK_SETS_SESSION.test(sql)
}

function firstWord(sql: string, family: SqlFamily): string {
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const [word] = (kind === 'code' && /\w+/.exec(sql.slice(start, end))) || []
    if (word !== undefined) return word
  }
  return ''
}

// Knex empties SQLite's counters too, and ignores that there may be none. A script cannot ignore an error, so it makes
// sure that the table of counters is there: SQLite creates it with the first table that counts.
function resetCounter(sql: string): ScriptStatement[] {
  const table = /`((?:[^`]|``)+)`\s*$/.exec(sql)?.[1]?.replaceAll('``', '`')
  if (table === undefined) return []
  return [
    'CREATE TABLE rev_counter (id integer PRIMARY KEY AUTOINCREMENT)',
    'DROP TABLE rev_counter',
    `DELETE FROM sqlite_sequence WHERE name = '${table.replaceAll("'", "''")}'`,
  ].map((statement) => ({ sql: statement, hasBody: false }))
}
