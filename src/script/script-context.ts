import type { Knex } from 'knex'
import type { RevisionContext } from './revision-module.ts'

/** What rev's own code gets beside a revision's context while it is written into a script. */
export interface ScriptContext extends RevisionContext {
  /** Writes a statement that a run would have sent before the transaction of the step. */
  prepare(sql: string): Promise<void>
  /**
   * Has the script stop here, with this message of one line, where the query finds a row. The query is not run now; where
   * the script has no guard, it has no such check either.
   */
  refuseRows(query: Knex.QueryBuilder, message: string): Promise<void>
}

/** What stands in a revision's place there. */
export type ScriptFunction = (knex: Knex, context: ScriptContext) => unknown
