import { isAnyArrayBuffer } from 'node:util/types'
import type { QueryObject } from './knex-internals.ts'

interface Unmeant {
  readonly what: string
  readonly remedy: string
}

/**
 * What a driver would silently make of a value of a statement: a Date without a moment becomes NULL, an ArrayBuffer an empty
 * object, and the drivers of MySQL store an object as `[object Object]`, or as whether columns have its values, and a typed
 * array as a list of numbers. Undefined when all is well.
 */
export function findUnmeantValue({ sql, method, bindings }: QueryObject, dialect: string): Unmeant | undefined {
  const isMysql = dialect === 'mysql'
  // In `SET ?` they write the assignments that are meant.
  const takesObjects = !isMysql || (method === 'raw' && ASSIGNMENTS.test(sql))
  return findIn(bindings ?? [], takesObjects, isMysql)
}

const ASSIGNMENTS = /\b(?:set|update)\s+(?:[^?]*,\s*)?\?/i

function findIn(values: readonly unknown[], takesObjects: boolean, isMysql: boolean): Unmeant | undefined {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) return INVALID_DATE
    } else if (ArrayBuffer.isView(value)) {
      if (isMysql && !(value instanceof Uint8Array) && !('toSqlString' in value)) return NO_BYTES
    } else if (isAnyArrayBuffer(value)) {
      return ARRAY_BUFFER
    } else if (!takesObjects) {
      if (Array.isArray(value) || value instanceof Set) {
        const found = findIn([...value], takesObjects, isMysql)
        if (found !== undefined) return found
      } else if (!('toSqlString' in value) && isWithoutText(value)) return OBJECT
    }
  }
  return undefined
}

/** Decimals and the like have a text of their own, which is what the driver takes. */
function isWithoutText(value: object): boolean {
  const text: unknown = 'toString' in value && typeof value.toString === 'function' ? value.toString() : undefined
  return typeof text !== 'string' || text.startsWith('[object ')
}

const INVALID_DATE = {
  what: 'a Date that is invalid would be stored as something else',
  remedy: 'look at where the Date comes from; give null if there is none',
}
const OBJECT = {
  what: 'the driver would not store an object as JSON',
  remedy: 'give JSON.stringify(value)',
}
const NO_BYTES = {
  what: 'of a typed array or a DataView the driver would store a text, not its bytes',
  remedy: 'give Buffer.from(value.buffer, value.byteOffset, value.byteLength), or a text of your own',
}
const ARRAY_BUFFER = {
  what: 'an ArrayBuffer would not be stored as its bytes',
  remedy: 'give Buffer.from(value)',
}
