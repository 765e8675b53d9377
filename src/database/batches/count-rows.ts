import type { Knex } from 'knex'
import { isRevError } from '../../errors/index.ts'
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
  const counted = knex.count({ found: '*' }).from(some.as('counted'))
  // A time limit, for one: progress is not worth a failure.
  const [row] = (await counted.catch(passOver)) as { found?: unknown }[]
  const found = Number(row?.found)
  return found > MOST_ROWS || Number.isNaN(found) ? undefined : found
}

function passOver(error: unknown): unknown[] {
  if (isRevError(error)) throw error
  return []
}
