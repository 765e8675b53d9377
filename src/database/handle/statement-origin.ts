import { AsyncLocalStorage } from 'node:async_hooks'
import type { CapturedStack } from './call-site.ts'

interface Origin {
  readonly owner: StatementOrigin
  readonly stack: CapturedStack | undefined
}

// One for the whole process: Node hands each of them on with every promise, so one for each step would make the
// thousandth step a thousand times as slow as the first.
const origins = new AsyncLocalStorage<Origin>()

/**
 * Remembers the place that a running statement was built at. Node 20 and 22 make every promise of the process dearer once
 * anything follows promises, so that is left to statements during which Knex builds others of its own.
 */
export class StatementOrigin {
  #now: CapturedStack | undefined
  /** Only then there is anything to be found through promises, and looking is dear. */
  #hasFollowed = false

  /**
   * Calls `action` with the place of the statement that it belongs to. It is known only while the action itself runs:
   * whoever goes on after waiting has to say it again.
   */
  run<T>(stack: CapturedStack | undefined, action: () => T): T {
    const before = this.#now
    this.#now = stack
    try {
      return action()
    } finally {
      this.#now = before
    }
  }

  /** The same, and through everything that the action waits for. */
  follow<T>(stack: CapturedStack | undefined, action: () => T): T {
    this.#hasFollowed = true
    return origins.run({ owner: this, stack }, action)
  }

  /** The place of the statement that runs here; undefined outside of one, and within one of another step. */
  get(): CapturedStack | undefined {
    if (this.#now !== undefined || !this.#hasFollowed) return this.#now
    const origin = origins.getStore()
    return origin?.owner === this ? origin.stack : undefined
  }
}
