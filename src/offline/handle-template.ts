import type { Knex } from 'knex'
import type { InternalClient, KnexBuilder } from '../database/handle/knex-internals.ts'

/** The part of a Knex instance that its methods work on. */
export interface KnexContext {
  readonly client: InternalClient
  queryBuilder(): KnexBuilder & { table(name: unknown, options: unknown): KnexBuilder }
  transaction(container?: unknown, settings?: { readonly doNotRejectOnRollback?: boolean } | null): unknown
  /** Begins a transaction within another. */
  _transaction(container: unknown, settings: object, outer: object): unknown
}

/** What all handles of a script have in common: methods that work on whichever handle they are called on. */
export interface HandleTemplate {
  readonly methods: PropertyDescriptorMap
  readonly context: KnexContext
}

// What each handle has for its own.
const OWN = ['length', 'name', 'prototype', 'context', '_internalListeners', '_events', '_eventsCount', '_maxListeners']

/**
 * Gives the template of the handles of a client. It is taken from an instance that `make` makes, and from a new one where
 * a revision has extended Knex meanwhile (`QueryBuilder.extend`): Knex gives new methods to new instances only.
 */
export function handleTemplates(client: InternalClient, make: () => Knex): () => HandleTemplate {
  let template: HandleTemplate | undefined
  let known = 0
  return () => {
    const count = countMethods(client.queryBuilder())
    if (template === undefined || count !== known) template = templateOf(make())
    known = count
    return template
  }
}

function templateOf(instance: Knex): HandleTemplate {
  const methods: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(instance)
  for (const name of OWN) delete methods[name]
  return { methods, context: (instance as unknown as { readonly context: KnexContext }).context }
}

function countMethods(builder: object): number {
  let count = 0
  for (let one = Object.getPrototypeOf(builder); one !== null; one = Object.getPrototypeOf(one)) {
    count += Object.getOwnPropertyNames(one).length
  }
  return count
}
