import { type CapturedStack, captureStack } from '../database/handle/call-site.ts'

// What may be asked of any value while it only passes through promises, `flatten` and loggers.
const HARMLESS: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  'then',
  Symbol.isConcatSpreadable,
  Symbol.toStringTag,
  Symbol.for('nodejs.util.inspect.custom'),
])

const poisons = new WeakSet<object>()

/**
 * The result of a statement that was written, not run: it can be passed around and thrown away, and calls `fail` with
 * the place as soon as anything is asked of it. (Whether it is true or false cannot be watched: it is true.)
 */
export function poison(fail: (stack: CapturedStack) => never): unknown {
  const ask = (): never => fail(captureStack(ask))
  const look = (_target: object, key: PropertyKey): undefined =>
    HARMLESS.has(key) ? undefined : fail(captureStack(look))
  const has = (_target: object, key: PropertyKey): boolean =>
    typeof key === 'symbol' ? false : fail(captureStack(has))
  const stand = new Proxy(Object.create(null) as object, {
    get: look,
    has,
    set: ask,
    deleteProperty: ask,
    defineProperty: ask,
    ownKeys: ask,
    getOwnPropertyDescriptor: look,
  })
  poisons.add(stand)
  return stand
}

/** Whether a value is such a result. */
export function isPoison(value: unknown): boolean {
  return typeof value === 'object' && value !== null && poisons.has(value)
}
