import type { Knex } from 'knex'
import type { BatchQuery } from './batch-query.ts'

/** More rows than these are not counted: it would take longer than it is worth. */
const MOST_ROWS = 2_000_000

/** How many rows a whole table has; undefined for a part of one, and for a table with too many of them. */
export async function countRows(knex: Knex, query: BatchQuery): Promise<number | undefined> {
  if (!query.isWhole) return undefined
  const some = query
    .on(knex)
    .clearSelect()
    .select(knex.raw('1 as one'))
    .limit(MOST_ROWS + 1)
  const [row] = (await knex.count({ found: '*' }).from(some.as('counted'))) as { found?: unknown }[]
  const found = Number(row?.found)
  return found > MOST_ROWS || Number.isNaN(found) ? undefined : found
}
