import type { CapturedStack } from './call-site.ts'
import type { InternalClient, KnexTransaction } from './knex-internals.ts'

/** One open transaction or savepoint, or the connection itself at the bottom. */
export interface Level {
  readonly parent: Level | undefined
  readonly stack: CapturedStack | undefined
  /** Statements that worked here and are not yet the parent's. */
  done: number
}

/**
 * Which transactions are open on the connection, innermost last. A statement may only come from the innermost: what an
 * outer handle sends meanwhile would end up inside the inner transaction, and vanish or stay with it.
 */
export interface TransactionLevels {
  readonly bottom: Level
  top(): Level
  /** The level that a client works on; the bottom for clients that never began one. */
  levelOf(client: InternalClient): Level
  /** Somebody asked for a transaction; it begins later. */
  announce(transaction: KnexTransaction, by: InternalClient, stack: CapturedStack): void
  /** Where the transaction that `client` is about to begin was asked for. */
  announcedStack(client: InternalClient): CapturedStack | undefined
  /** The transaction is begun now by `client`; undefined when its handle is not the innermost. */
  open(client: InternalClient): Level | undefined
  /** Ends `level` and whatever is open above it; `kept` gives its statements to the parent. */
  close(level: Level, kept: boolean): void
  /** Transactions that were asked for or begun and have not ended, apart from `root`. */
  unfinished(root: Level | undefined): readonly (CapturedStack | undefined)[]
  /** The same, of those that were asked for or begun since `level` is open. */
  above(level: Level): readonly (CapturedStack | undefined)[]
  /** Statements done in all open levels. */
  openStatements(): number
  /** The database committed everything by itself. */
  forgetStatements(): void
}

// A property and not a map: Knex derives clients from clients with Object.create, and these must find it, too.
const LEVEL = Symbol('rev.level')
type Marked = InternalClient & { [LEVEL]?: Level }

export function createTransactionLevels(): TransactionLevels {
  const bottom: Level = { parent: undefined, stack: undefined, done: 0 }
  const open: Level[] = [bottom]
  const announced = new Map<KnexTransaction, { parent: Level; stack: CapturedStack }>()
  const top = (): Level => open.at(-1) ?? bottom
  const levelOf = (client: InternalClient): Level => (client as Marked)[LEVEL] ?? bottom
  const announcedBy = (client: InternalClient) => [...announced].find(([asked]) => asked.trxClient === client)

  return {
    bottom,
    top,
    levelOf,
    announce(transaction, by, stack) {
      announced.set(transaction, { parent: levelOf(by), stack })
    },
    announcedStack: (client) => announcedBy(client)?.[1].stack,
    open(client) {
      const [transaction, wanted] = announcedBy(client) ?? []
      if (transaction !== undefined) announced.delete(transaction)
      const parent = wanted?.parent ?? bottom
      if (parent !== top()) return undefined
      const level: Level = { parent, stack: wanted?.stack, done: 0 }
      Object.defineProperty(client, LEVEL, { value: level })
      open.push(level)
      return level
    },
    close(level, kept) {
      const index = open.indexOf(level)
      if (index < 1) return
      open.length = index
      if (kept && level.parent !== undefined) level.parent.done += level.done
    },
    unfinished(root) {
      const begun = open.slice(1).filter((level) => level !== root)
      return [...[...announced.values()], ...begun].map(({ stack }) => stack)
    },
    above(level) {
      const begun = open.slice(open.indexOf(level) + 1)
      return [...announced.values(), ...begun].map(({ stack }) => stack)
    },
    openStatements: () => open.reduce((sum, level) => sum + level.done, 0),
    forgetStatements() {
      for (const level of open) level.done = 0
    },
  }
}
