import type { Knex } from 'knex'
import type { InternalClient, KnexBuilder } from '../database/handle/knex-internals.ts'

/** The part of a Knex instance that its methods work on. */
interface KnexContext {
  readonly client: InternalClient
  queryBuilder(): KnexBuilder & { table(name: unknown, options: unknown): KnexBuilder }
  transaction(container?: unknown, settings?: { readonly doNotRejectOnRollback?: boolean }): unknown
  /** Begins a transaction within another. */
  _transaction(container: unknown, settings: object, outer: OuterTransaction): unknown
}
type Instance = Knex & { readonly context: KnexContext }

/** What Knex asks of the transaction that another one is begun in. */
interface OuterTransaction {
  /** The end of the one that was begun there last: the next one waits for it. */
  _lastChild: Promise<unknown>
  readonly transactor: Knex
  isCompleted(): boolean
}

/** How the transaction of a step ends, as its handle tells it. */
interface Ending {
  readonly executionPromise: Promise<void>
  isCompleted(): boolean
}

const EVENTS = ['start', 'query', 'query-error', 'query-response']
const NO_LISTENERS = { _events: undefined, _eventsCount: 0, _maxListeners: undefined }

/**
 * Runs `work` in the transaction of one step of a script, with a handle such as Knex's own transactions have. Commits when
 * `work` resolves; throws what `work` throws.
 *
 * Knex makes a hundred functions for each transaction. V8 takes a function that is written as the value of a property for
 * one that stays, and keeps it until the old generation is collected, with all that it can reach: here the whole step.
 * Where no database is waited for, that is a fifth of the time.
 */
export async function inStepTransaction(
  template: Knex,
  client: InternalClient,
  work: (trx: Knex.Transaction) => Promise<void>,
): Promise<void> {
  const connection = await client.acquireConnection()
  await client.query(connection, 'BEGIN;')
  client.transacting = true
  let isCompleted = false
  const { promise, resolve, reject } = withResolvers()
  const trx = makeHandle(template as Instance, client, { executionPromise: promise, isCompleted: () => isCompleted })
  try {
    await work(trx)
    isCompleted = true
    await client.query(connection, 'COMMIT;')
    resolve()
  } catch (error) {
    isCompleted = true
    // The first error counts.
    await client.query(connection, 'ROLLBACK').catch(() => {})
    reject(error)
    throw error
  }
}

/** A handle of `client` that has the methods of `template` for its own. */
function makeHandle(template: Instance, client: InternalClient, ending: Ending): Knex.Transaction {
  const context: KnexContext = Object.create(template.context)
  const handle = (table?: unknown, options?: unknown): KnexBuilder => {
    const builder = context.queryBuilder()
    return table ? builder.table(table, options) : builder
  }
  Object.setPrototypeOf(handle, template)
  const knex = Object.assign(handle, {
    ...NO_LISTENERS,
    ...ending,
    context,
    isTransaction: true,
  }) as unknown as Instance
  const outer: OuterTransaction = { _lastChild: Promise.resolve(), transactor: knex, isCompleted: ending.isCompleted }
  const transaction: KnexContext['transaction'] = (container, { doNotRejectOnRollback = true, ...settings } = {}) =>
    context._transaction(container, { ...settings, doNotRejectOnRollback }, outer)
  const withUserParams = (): never => {
    throw new Error('A transaction keeps the user parameters of the instance that it was begun on.')
  }
  Object.assign(context, { client, userParams: {}, transaction, withUserParams })
  Object.assign(knex, { savepoint: transaction })
  for (const event of EVENTS) client.on(event, (...args) => knex.emit(event, ...args))
  return knex as unknown as Knex.Transaction
}

function withResolvers(): { promise: Promise<void>; resolve(): void; reject(error: unknown): void } {
  let resolve = (): void => {}
  let reject = (_error: unknown): void => {}
  const promise = new Promise<void>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  // Whoever runs the step hears of it.
  promise.catch(() => {})
  return { promise, resolve, reject }
}
