import type { JournalEntry } from './journal-entry.ts'
import { isSameText } from './statement-hash.ts'

/**
 * What is to be done with the next statement of a function that is run again. `skip`: it is done. `send`: it was not.
 * `stop`: which of the two cannot be told, and `reason` says why.
 */
export type ReplayAnswer =
  | { readonly kind: 'skip'; readonly entry: JournalEntry }
  | { readonly kind: 'send' /** What became of it before. */; readonly failed?: JournalEntry }
  | {
      readonly kind: 'stop'
      readonly reason: 'other-values' | 'order' | 'absent' | 'failed-before'
      readonly entry: JournalEntry
    }

/** How strictly a function that is run again must do what it did before. */
export interface ReplayRules {
  /**
   * Whether statements that are done and that the function does not send again may be passed over. Guards such as
   * `hasTable` leave them out when the file is the same; in a file that was edited they may be gone for another reason.
   */
  mayBeAbsent(entry: JournalEntry): boolean
  /** Whether a statement with the text of a done one and other values counts as a new one. */
  readonly otherValuesAreNew: boolean
  /** Whether what failed, and was done when the function sent it once more, is done at once. */
  readonly doneAtOnce: boolean
}

/**
 * Goes along the statements of the first attempt while a function is run again: those that are done, and between them
 * those that failed and did not stop it, which are sent again. With the first statement that is none of them the new part
 * begins, and from there nothing that is done may come again.
 */
export class Replay {
  readonly #before: readonly JournalEntry[]
  readonly #rules: ReplayRules
  readonly #passed: JournalEntry[] = []
  #next = 0
  #isNew = false

  constructor(before: readonly JournalEntry[], rules: ReplayRules) {
    this.#before = before
    this.#rules = rules
  }

  /** Whether statements that are done may still come. */
  get isReplaying(): boolean {
    return this.#next < this.#before.length
  }

  next(hash: string): ReplayAnswer {
    const again = this.#passed.find((entry) => entry.hash === hash)
    if (again !== undefined) return { kind: 'stop', reason: 'order', entry: again }
    if (this.#isNew) return { kind: 'send' }
    const left = this.#before.slice(this.#next)
    const first = left.findIndex((entry) => entry.hash === hash)
    const onceMore = left[first]?.state === 'failed' ? left.findIndex((entry) => isDone(entry, hash)) : -1
    const doneThen = left[onceMore]
    // Whether the function would send it once more now, too, cannot be known.
    if (doneThen !== undefined && !this.#rules.doneAtOnce) {
      return { kind: 'stop', reason: 'failed-before', entry: doneThen }
    }
    const same = doneThen === undefined ? first : onceMore
    const found = left[same]
    if (found !== undefined) {
      this.#next += same + 1
      const answer: ReplayAnswer =
        found.state === 'failed' ? { kind: 'send', failed: found } : { kind: 'skip', entry: found }
      return this.#pass(left.slice(0, same)) ?? answer
    }
    const similar = left.find((entry) => entry.state === 'done' && isSameText(entry.hash, hash))
    if (similar !== undefined && !this.#rules.otherValuesAreNew) {
      return { kind: 'stop', reason: 'other-values', entry: similar }
    }
    this.#isNew = true
    this.#next = this.#before.length
    return this.#pass(left) ?? { kind: 'send' }
  }

  /** The first statement that is done, was not sent again, and may not be passed over; undefined when all is well. */
  finish(): JournalEntry | undefined {
    const left = this.#before.slice(this.#next)
    this.#next = this.#before.length
    return this.#missed(left)
  }

  #pass(entries: readonly JournalEntry[]): ReplayAnswer | undefined {
    this.#passed.push(...entries.filter(({ state }) => state === 'done'))
    const missed = this.#missed(entries)
    return missed === undefined ? undefined : { kind: 'stop', reason: 'absent', entry: missed }
  }

  #missed(entries: readonly JournalEntry[]): JournalEntry | undefined {
    return entries.find((entry) => entry.state === 'done' && !this.#rules.mayBeAbsent(entry))
  }
}

const isDone = (entry: JournalEntry, hash: string): boolean => entry.state === 'done' && entry.hash === hash
