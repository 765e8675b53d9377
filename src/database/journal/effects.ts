import { calledFunctions } from '../../sql/called-functions.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { effectOf, type StatementEffect } from '../../sql/statement-effect.ts'
import type { QueryObject } from '../handle/knex-internals.ts'
import type { PinnedConnection } from '../pinned-connection.ts'

// Functions of PostgreSQL itself that change something in the database when they are called.
const POSTGRES_EFFECTS =
  /^(?:setval|lo_\w+|pg_logical_emit_message|pg_create_\w+|pg_drop_\w+|pg_replication_\w+|query_to_xml)$/

/**
 * The effects of the statements of one step. What only reads by its words may call a function that does more; whether it
 * does, the catalogue of the database tells.
 */
export class StatementEffects {
  readonly #connection: PinnedConnection
  readonly #family: SqlFamily
  readonly #known = new WeakMap<QueryObject, StatementEffect>()
  readonly #functions = new Map<string, boolean>()

  constructor(connection: PinnedConnection, family: SqlFamily) {
    this.#connection = connection
    this.#family = family
  }

  /** The effect of a query, the same for as long as the step lasts. */
  async of(query: QueryObject): Promise<StatementEffect> {
    const known = this.#known.get(query)
    if (known !== undefined) return known
    const byWords = effectOf(query.sql, this.#family)
    const effect = await this.#withFunctions(query.sql, byWords)
    this.#known.set(query, effect)
    return effect
  }

  async #withFunctions(sql: string, effect: StatementEffect): Promise<StatementEffect> {
    if (this.#family === 'sqlite' || (effect !== 'reads' && effect !== 'session')) return effect
    for (const name of calledFunctions(sql, this.#family)) if (await this.#mayWrite(name)) return 'atomic'
    return effect
  }

  async #mayWrite(name: string): Promise<boolean> {
    const known = this.#functions.get(name)
    if (known !== undefined) return known
    const found = this.#family === 'postgresql' ? await this.#askPostgres(name) : await this.#askMysql(name)
    this.#functions.set(name, found)
    return found
  }

  async #askPostgres(name: string): Promise<boolean> {
    if (POSTGRES_EFFECTS.test(name)) return true
    // One that is not volatile cannot change anything.
    const { rows } = await this.#connection.query(
      `select 1 from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
       where p.proname = ? and p.provolatile = 'v' and n.nspname not in ('pg_catalog', 'information_schema') limit 1`,
      [name],
    )
    return rows.length > 0
  }

  async #askMysql(name: string): Promise<boolean> {
    const { rows } = await this.#connection.query(
      `select 1 from information_schema.routines where routine_type = 'FUNCTION' and routine_name = ? limit 1`,
      [name],
    )
    return rows.length > 0
  }
}
