import { RevError } from '../errors/index.ts'
import { mayMakeBackslashesPlain } from '../sql/mysql-modes.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { usedId } from './borrowed-ids.ts'
import { usesName } from './borrowed-name.ts'
import { fillPlaceholders, type ScriptStatement } from './fill-placeholders.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import type { KnexQuery, RecordedRevision, RevisionPlace } from './recorded-revision.ts'
import { ScriptFault } from './script-fault.ts'

const NO_SAVEPOINT =
  'there is no savepoint here: no transaction was begun, or a statement that commits by itself has ended it; `rev upgrade` would fail here'
const TEMPORARY_TABLE = /_knex_temp_alter\d+/g
const CREATES_TEMPORARY_TABLE = /^CREATE TABLE [`"](_knex_temp_alter\d+)/i

type Filled = Pick<RecordedRevision, 'borrowedName' | 'borrowedIds' | 'takesSeveral' | 'runTransaction'>

/** Makes statements for the script of one revision's queries; throws where the script could not do the same as a run. */
export class StatementFiller {
  readonly #family: SqlFamily
  #literals: LiteralOptions
  readonly #revision: Filled
  readonly #place: () => RevisionPlace
  readonly #temporaryTables = new Map<string, string>()
  #namedTables = 0

  /** `place` is where the running statement was built, for what is thrown. */
  constructor(family: SqlFamily, literals: LiteralOptions, revision: Filled, place: () => RevisionPlace) {
    this.#family = family
    this.#literals = literals
    this.#revision = revision
    this.#place = place
  }

  /** The statements of a query, with its values. Throws REV_STEP_UNBOUND_PLACEHOLDER and REV_OFFLINE_*. */
  statementsOf(query: KnexQuery): ScriptStatement[] {
    return this.#fill(query, this.#literals)
  }

  /** A read (`sql`, as it was filled) as it stands in checks, which may be made elsewhere in the script, in another SQL mode. */
  asked(query: KnexQuery, sql: string): string {
    if (this.#family !== 'mysql') return sql
    return this.#fill(query, { ...this.#literals, textInBytes: true })[0]?.sql ?? sql
  }

  #fill(query: KnexQuery, literals: LiteralOptions): ScriptStatement[] {
    try {
      const bindings = query.bindings ?? []
      const statements = fillPlaceholders(query.sql, bindings, this.#family, literals)
      if (!literals.textInBytes && this.#mayChangeMode(query, statements)) {
        this.#literals = { ...literals, textInBytes: true }
        return this.#fill(query, this.#literals)
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
}
