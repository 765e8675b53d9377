import { type CapturedStack, captureStack } from '../database/handle/call-site.ts'

// What may be asked of any value while it only passes through promises, `flatten` and loggers.
const HARMLESS: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  'then',
  Symbol.isConcatSpreadable,
  Symbol.toStringTag,
  Symbol.for('nodejs.util.inspect.custom'),
])

// Nobody else has it, and asking for it does no harm.
const IS_POISON = Symbol('rev.poison')

/**
 * The result of a statement that was written, not run: it can be passed around and thrown away, and calls `fail` with
 * the place as soon as anything is asked of it. One that `isList` passes for an array, as the result of a run would.
 * (Whether it is true or false cannot be watched, it is true; nor can `typeof`, which says of a number that it is an object.)
 */
export function poison(fail: (stack: CapturedStack) => never, isList = false): unknown {
  return new Proxy(isList ? LIST : OBJECT, new Traps(fail))
}

// Nothing ever reaches them.
const OBJECT = Object.create(null) as object
const LIST: unknown[] = []

// `batchInsert` makes one list of its results, of which nobody has asked for anything yet.
const FLATTENS = /[\\/]execution[\\/]batch-insert\.[cm]?js/

type Fail = (stack: CapturedStack) => never

// A class and not functions of each stand-in: every statement has one, and nearly none is ever asked.
class Traps implements ProxyHandler<object> {
  readonly #fail: Fail

  constructor(fail: Fail) {
    this.#fail = fail
  }

  get(target: object, key: PropertyKey): unknown {
    if (key === IS_POISON) return true
    if (HARMLESS.has(key)) return undefined
    if (target === LIST && (key === 'length' || key === '0') && FLATTENS.test(String(captureStack(this.get).stack))) {
      return key === '0' ? poison(this.#fail) : 1
    }
    return this.#ask(this.get)
  }
  getOwnPropertyDescriptor(_target: object, key: PropertyKey): undefined {
    return HARMLESS.has(key) ? undefined : this.#ask(this.getOwnPropertyDescriptor)
  }
  has(_target: object, key: PropertyKey): boolean {
    return typeof key === 'symbol' ? false : this.#ask(this.has)
  }
  set(): never {
    return this.#ask(this.set)
  }
  deleteProperty(): never {
    return this.#ask(this.deleteProperty)
  }
  defineProperty(): never {
    return this.#ask(this.defineProperty)
  }
  ownKeys(): never {
    return this.#ask(this.ownKeys)
  }

  #ask(trap: (...args: never[]) => unknown): never {
    return this.#fail(captureStack(trap))
  }
}

/** Whether a value is such a result. */
export function isPoison(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { [IS_POISON]?: unknown })[IS_POISON] === true
}
