import type { CapturedStack } from './call-site.ts'
import type { InternalClient, KnexTransaction } from './knex-internals.ts'

/** One open transaction or savepoint, or the connection itself at the bottom. */
export interface Level {
  readonly parent: Level | undefined
  readonly stack: CapturedStack | undefined
  /** Statements that worked here and are not yet the parent's. */
  done: number
}

// A property and not a map: Knex derives clients from clients with Object.create, and these must find it, too.
const LEVEL = Symbol('rev.level')
type Marked = InternalClient & { [LEVEL]?: Level }

/** A transaction that was asked for and has not begun. */
interface Announced {
  readonly transaction: KnexTransaction
  readonly parent: Level
  readonly stack: CapturedStack
}

/**
 * Which transactions are open on the connection, innermost last. A statement may only come from the innermost: what an
 * outer handle sends meanwhile would end up inside the inner transaction, and vanish or stay with it.
 */
export class TransactionLevels {
  readonly bottom: Level = { parent: undefined, stack: undefined, done: 0 }
  readonly #open: Level[] = [this.bottom]
  readonly #announced: Announced[] = []
  #givenUp: Level | undefined

  top(): Level {
    return this.#open.at(-1) ?? this.bottom
  }

  /** The level that a client works on; the bottom for clients that never began one. */
  levelOf(client: InternalClient): Level {
    return (client as Marked)[LEVEL] ?? this.bottom
  }

  /** Somebody asked for a transaction; it begins later. */
  announce(transaction: KnexTransaction, by: InternalClient, stack: CapturedStack): void {
    this.#announced.push({ transaction, parent: this.levelOf(by), stack })
  }

  /** Where the transaction that `client` is about to begin was asked for. */
  announcedStack(client: InternalClient): CapturedStack | undefined {
    return this.#announced.find(({ transaction }) => transaction.trxClient === client)?.stack
  }

  /** The transaction is begun now by `client`; undefined when its handle is not the innermost. */
  open(client: InternalClient): Level | undefined {
    const index = this.#announced.findIndex(({ transaction }) => transaction.trxClient === client)
    const [wanted] = index < 0 ? [] : this.#announced.splice(index, 1)
    const parent = wanted?.parent ?? this.bottom
    if (parent !== this.top()) return undefined
    const level: Level = { parent, stack: wanted?.stack, done: 0 }
    Object.defineProperty(client, LEVEL, { value: level })
    this.#open.push(level)
    return level
  }

  /** Ends `level` and whatever is open above it; `kept` gives its statements to the parent. */
  close(level: Level, kept: boolean): void {
    const index = this.#open.indexOf(level)
    if (index < 1) return
    this.#open.length = index
    if (kept && level.parent !== undefined) level.parent.done += level.done
  }

  /** Transactions that were asked for or begun and have not ended, apart from `root`. */
  unfinished(root: Level | undefined): readonly (CapturedStack | undefined)[] {
    const begun = this.#open.slice(1).filter((level) => level !== root)
    return [...this.#announced, ...begun].map(({ stack }) => stack)
  }

  /** The same, of those that were asked for or begun since `level` is open. */
  above(level: Level): readonly (CapturedStack | undefined)[] {
    const begun = this.#open.slice(this.#open.indexOf(level) + 1)
    return [...this.#announced, ...begun].map(({ stack }) => stack)
  }

  /** Statements done in all open levels. */
  openStatements(): number {
    return this.#open.reduce((sum, level) => sum + level.done, 0)
  }

  /** The database has rolled back by itself what is open, outermost transaction and all. */
  giveUp(): void {
    const [, outermost, ...inner] = this.#open
    this.#givenUp = outermost
    for (const level of [outermost, ...inner]) if (level !== undefined) level.done = 0
  }

  /** Whether what looks open was rolled back, so that whatever is sent in it would be kept by itself. */
  get isGivenUp(): boolean {
    return this.#givenUp !== undefined && this.#open[1] === this.#givenUp
  }

  /** The database committed everything by itself. */
  forgetStatements(): void {
    for (const level of this.#open) level.done = 0
  }
}
