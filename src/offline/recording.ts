import { type CapturedStack, findCallSite } from '../database/handle/call-site.ts'
import type { QueryObject } from '../database/handle/knex-internals.ts'
import type { StatementGate } from '../database/handle/statement-gate.ts'
import { RevError } from '../errors/index.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { fillPlaceholders, type ScriptStatement } from './fill-placeholders.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import { poison } from './poison.ts'
import { ScriptFault } from './script-fault.ts'
import type { ScriptSink } from './script-sink.ts'

/** What Knex hands to a client to be run. */
export interface KnexQuery extends QueryObject {
  /** Turns the response into what the caller gets; only reads have one, and SQLite's truncate. */
  readonly output?: unknown
}

/** The revision whose function is being recorded. */
export interface RecordedRevision {
  readonly revision: string
  readonly file: string | undefined
  readonly transaction: boolean
  readonly gate: Pick<StatementGate, 'origin' | 'violate'>
}

const READS: ReadonlySet<string | undefined> = new Set(['select', 'first', 'pluck', 'columnInfo'])

/** Takes what one revision's Knex would send, in order, and puts it into the script. */
export class Recording {
  readonly #family: SqlFamily
  readonly #literals: LiteralOptions
  readonly #sink: ScriptSink
  readonly #revision: RecordedRevision
  /** The savepoints of the open transactions as the script names them, the innermost last; the outermost has none. */
  readonly #open: (string | undefined)[] = []
  #savepoints = 0

  constructor(family: SqlFamily, literals: LiteralOptions, sink: ScriptSink, revision: RecordedRevision) {
    this.#family = family
    this.#literals = literals
    this.#sink = sink
    this.#revision = revision
  }

  /** What the client's `query` does. Resolves to the response, of which nothing can be asked. */
  async query(query: string | KnexQuery): Promise<unknown> {
    if (typeof query === 'string') return this.#control(query.replace(/;$/, ''))
    const isTruncate = query.method === 'truncate'
    if (READS.has(query.method) || (query.output !== undefined && !isTruncate)) this.refuseRead(query)
    const statements = this.#fill(query)
    if (isTruncate && this.#family === 'sqlite') statements.push(...resetCounter(query.sql))
    await Promise.all(statements.map((statement) => this.#sink.statement(statement)))
    return poison((stack) => this.refuseRead(query, stack))
  }

  /** `use` is where the result of a statement was asked for; without it the statement itself is a read. */
  refuseRead(query: QueryObject, use?: CapturedStack): never {
    const { gate } = this.#revision
    const resultOnly = use !== undefined
    throw gate.violate(new RevError('REV_OFFLINE_READ', { ...this.#place(use), query: query.sql, resultOnly }))
  }

  #fill(query: KnexQuery): ScriptStatement[] {
    try {
      return fillPlaceholders(query.sql, query.bindings ?? [], this.#family, this.#literals)
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

  /** BEGIN, COMMIT and savepoints, which Knex sends as plain text. */
  #control(sql: string): Promise<void> {
    if (/^savepoint/i.test(sql)) {
      // Knex numbers savepoints through the life of the process; the script counts its own.
      this.#savepoints += 1
      const name = `rev_${this.#savepoints}`
      this.#open.push(name)
      return this.#sink.savepoint(name)
    }
    if (/^begin/i.test(sql)) {
      this.#open.push(undefined)
      // Only the revision's own transaction is rev's to arrange; one that the revision opens is as it asked.
      return this.#revision.transaction
        ? this.#sink.begin()
        : this.#sink.open(/^begin transaction/i.test(sql) ? sql : undefined)
    }
    if (!/^(?:commit|release|rollback)/i.test(sql)) return this.#sink.text(`${sql};\n\n`)
    const undoing = /^rollback/i.test(sql)
    const savepoint = this.#open.pop()
    if (savepoint !== undefined) {
      return this.#sink.endSavepoint(savepoint, undoing ? 'ROLLBACK TO SAVEPOINT' : 'RELEASE SAVEPOINT')
    }
    return undoing ? this.#sink.rollback() : this.#sink.commit()
  }

  /** Where the code stands: the given place, else where the statement was built. */
  #place(use?: CapturedStack) {
    const { revision, file, gate } = this.#revision
    const here = findCallSite(use?.stack, file)
    return { revision, ...(here.line === undefined ? findCallSite(gate.origin.getStore()?.stack, file) : here) }
  }
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
