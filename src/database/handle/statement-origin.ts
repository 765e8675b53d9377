import { AsyncLocalStorage } from 'node:async_hooks'
import type { CapturedStack } from './call-site.ts'

interface Origin {
  readonly owner: StatementOrigin
  readonly stack: CapturedStack | undefined
}

// One for the whole process: Node hands each of them on with every promise, so one for each step would make the
// thousandth step a thousand times as slow as the first.
const origins = new AsyncLocalStorage<Origin>()

/** Remembers, through everything that a running statement waits for, the place that it was built at. */
export class StatementOrigin {
  run<T>(stack: CapturedStack | undefined, action: () => T): T {
    return origins.run({ owner: this, stack }, action)
  }

  /** The place of the statement that runs here; undefined outside of one, and within one of another step. */
  get(): CapturedStack | undefined {
    const origin = origins.getStore()
    return origin?.owner === this ? origin.stack : undefined
  }
}
