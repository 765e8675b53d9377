import type { Knex } from 'knex'
import { checkBatchOptions } from '../database/batches/batch-options.ts'
import { toBatchQuery } from '../database/batches/batch-query.ts'
import type { InBatches } from '../script/batches.ts'

/**
 * `inBatches` while a script is written: a read of rows, and refused, or told as a comment, as any other. There are no
 * rows to hand over.
 */
export function batchesInScript(knex: Knex): InBatches {
  return async (source, options) => {
    // What a run refuses is no read, and would pass for one that found nothing.
    toBatchQuery(source)
    checkBatchOptions(options)
    await (typeof source === 'string' ? knex(source).select('*') : source)
    return 0
  }
}
