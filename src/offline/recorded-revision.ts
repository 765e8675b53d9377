import type { QueryObject } from '../database/handle/knex-internals.ts'
import type { StatementGate } from '../database/handle/statement-gate.ts'
import type { StepCare } from './dialects/script-dialect.ts'
import type { SchemaRead } from './reads/schema-read.ts'
import type { PossibleRead } from './reads/to-schema-read.ts'
import type { RunTransaction } from './run-transaction.ts'

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
  /** Has the script stop where the condition holds, as `ScriptDialect` has it. */
  refuseIf(condition: string, message: string): Promise<void>
  /** The statement changes settings of the session. */
  noteSession(): void
  /** MySQL: the revision has SQL that means something else where a backslash is a plain character. */
  noteBackslashes(): void
}
