import type { QueryObject } from './knex-internals.ts'

/**
 * What a driver would silently make of a value of a statement: a Date without a moment becomes NULL, and the drivers of
 * MySQL store an object as `[object Object]`, or as whether columns have its values. Undefined when all is well.
 */
export function findUnmeantValue(
  { sql, method, bindings }: QueryObject,
  dialect: string,
): { what: string; remedy: string } | undefined {
  // In `SET ?` they write the assignments that are meant.
  const takesObjects = dialect !== 'mysql' || (method === 'raw' && ASSIGNMENTS.test(sql))
  return findIn(bindings ?? [], takesObjects)
}

const ASSIGNMENTS = /\b(?:set|update)\s+(?:[^?]*,\s*)?\?/i

function findIn(values: readonly unknown[], takesObjects: boolean): { what: string; remedy: string } | undefined {
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) return INVALID_DATE
    } else if (!takesObjects && !ArrayBuffer.isView(value)) {
      if (Array.isArray(value) || value instanceof Set) {
        const found = findIn([...value], takesObjects)
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
