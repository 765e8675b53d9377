import type { Knex } from 'knex'
import type { InBatches } from '../script/batches.ts'

/**
 * `inBatches` while a script is written: a read of rows, and refused, or told as a comment, as any other. There are no
 * rows to hand over.
 */
export function batchesInScript(knex: Knex): InBatches {
  return async (source) => {
    await (typeof source === 'string' ? knex(source).select('*') : source)
    return 0
  }
}
