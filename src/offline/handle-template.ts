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
  readonly methods: readonly (readonly [name: string, method: unknown])[]
  /** What is no plain property; to define one costs ten times as much as to assign it. */
  readonly definitions: PropertyDescriptorMap
  readonly context: KnexContext
}

// What each handle has for its own.
const OWN: ReadonlySet<string> = new Set(
  'length name prototype context _internalListeners _events _eventsCount _maxListeners'.split(' '),
)

/**
 * Gives the template of the handles of a client. It is taken from an instance that `make` makes, and from a new one where
 * a revision has extended Knex meanwhile (`QueryBuilder.extend`): Knex gives new methods to new instances only.
 */
export function handleTemplates(client: InternalClient, make: () => Knex): () => HandleTemplate {
  const classes = prototypesOf(client.queryBuilder())
  let template: HandleTemplate | undefined
  let known = 0
  return () => {
    let count = 0
    for (const one of classes) count += Object.getOwnPropertyNames(one).length
    if (template === undefined || count !== known) template = templateOf(make())
    known = count
    return template
  }
}

function templateOf(instance: Knex): HandleTemplate {
  const methods: [name: string, method: unknown][] = []
  const definitions: PropertyDescriptorMap = {}
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(instance))) {
    if (OWN.has(name)) continue
    if (property.writable === true && property.enumerable === true) methods.push([name, property.value])
    else definitions[name] = property
  }
  return { methods, definitions, context: (instance as unknown as { readonly context: KnexContext }).context }
}

/** Those that builders have the methods of all queries from: there Knex puts new ones. */
function prototypesOf(builder: object): object[] {
  const found: object[] = []
  for (
    let one = Object.getPrototypeOf(builder);
    one !== Object.prototype && one !== null;
    one = Object.getPrototypeOf(one)
  ) {
    if (Object.hasOwn(one, 'where')) found.push(one)
  }
  return found
}
