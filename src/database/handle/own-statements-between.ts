import { askedOfBefore } from '../../sql/asked-of-before.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'

const HOW: Readonly<Record<string, string>> = {
  row_count: 'what `await` gives back of it: const n = await knex("table").where(...).update(...)',
  found_rows: 'a count of its own: knex("table").where(...).count()',
  changes: 'what `await` gives back of it: const n = await knex("table").where(...).update(...)',
  total_changes: 'what `await` gives back of each: const n = await knex("table").where(...).update(...)',
  last_insert_rowid: 'what `await` gives back of it: const [id] = await knex("table").insert(...)',
}

/**
 * What a statement would silently be told: it asks about the one before it, and rev has sent statements of its own in
 * between, for its journal. Undefined when it asks nothing of the kind.
 */
export function findOwnBetween(sql: string, dialect: string): { what: string; remedy: string } | undefined {
  const family = sqlFamilyOf(dialect)
  const name = family === undefined ? undefined : askedOfBefore(sql, family)
  if (name === undefined) return undefined
  return {
    what: `${name}() asks about the statement before it, and rev sends some of its own in between, for its journal`,
    remedy: `use ${HOW[name]}; or have one statement decide by itself (INSERT ... SELECT ... WHERE NOT EXISTS)`,
  }
}
