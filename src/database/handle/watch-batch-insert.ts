import type { Knex } from 'knex'
import { captureStack } from './call-site.ts'
import type { ForgottenWork } from './forgotten-work.ts'

type BatchInsert = (...args: unknown[]) => Promise<unknown> & {
  returning(columns: unknown): unknown
  transacting(trx: unknown): unknown
}

/**
 * `batchInsert` is the one thing on a handle that waits for a timer before it touches the client, so that a forgotten
 * one would not be seen. Changes `knex` in place.
 */
export function watchBatchInsert(knex: Knex, forgotten: ForgottenWork): void {
  const { context } = knex as unknown as { context: { batchInsert: BatchInsert } }
  const original = context.batchInsert
  const batchInsert: BatchInsert = (...args) => {
    const ended = forgotten.started(captureStack(batchInsert), () => `batchInsert(${JSON.stringify(args[0])})`)
    const promise = original.apply(context, args)
    // A promise of its own, so that a failure that nobody hears stays one.
    const watched = Object.assign(promise.finally(ended), {
      returning(columns: unknown) {
        promise.returning(columns)
        return watched
      },
      transacting(trx: unknown) {
        promise.transacting(trx)
        return watched
      },
    })
    return watched
  }
  context.batchInsert = batchInsert
}
