import type { Knex } from 'knex'
import type { InternalClient, KnexBuilder } from '../database/handle/knex-internals.ts'
import type { HandleTemplate, KnexContext } from './handle-template.ts'

/** How the transaction of a step ends, as its handle tells it. */
interface Ending {
  readonly executionPromise: Promise<void>
  isCompleted(): boolean
}

// Of what Knex tells of a statement, that which does not come from a connection.
const EVENTS = ['start', 'query-response']
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
  template: HandleTemplate,
  client: InternalClient,
  work: (trx: Knex.Transaction) => Promise<void>,
): Promise<void> {
  const connection = await client.acquireConnection()
  await client.query(connection, 'BEGIN;')
  client.transacting = true
  let isCompleted = false
  const { promise, resolve, reject } = withResolvers()
  const trx = makeHandle(template, client, { executionPromise: promise, isCompleted: () => isCompleted })
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

/** A handle of `client` with the methods of the template. */
function makeHandle(template: HandleTemplate, client: InternalClient, ending: Ending): Knex.Transaction {
  const context = { ...template.context, client, userParams: {} }
  // Some look whether it has Knex's name.
  function knex(table?: unknown, options?: unknown): KnexBuilder {
    const builder = context.queryBuilder()
    return table ? builder.table(table, options) : builder
  }
  const outer = { _lastChild: Promise.resolve(), transactor: knex, isCompleted: ending.isCompleted }
  const transaction: KnexContext['transaction'] = (container, settings) => {
    const { doNotRejectOnRollback = true, ...rest } = settings ?? {}
    return context._transaction(container, { ...rest, doNotRejectOnRollback }, outer)
  }
  const withUserParams = (): never => {
    throw new Error('A transaction keeps the user parameters of the instance that it was begun on.')
  }
  Object.assign(context, { transaction, withUserParams })
  const parts = { ...NO_LISTENERS, ...ending, _internalListeners: [], context, isTransaction: true }
  // Whoever calls them later, when it has ended, asks for what is done.
  const done = async (): Promise<void> => {}
  const defined = Object.defineProperties(knex, template.definitions) as unknown as Record<string, unknown>
  // One by one: V8 takes four times as long to assign so many to a function at once.
  for (const [name, method] of template.methods) defined[name] = method
  const own = { ...parts, savepoint: transaction, commit: done, rollback: done }
  const handle = Object.assign(defined as unknown as Knex.Transaction, own)
  for (const event of EVENTS) client.on(event, (...args) => handle.emit(event, ...args))
  return handle
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
