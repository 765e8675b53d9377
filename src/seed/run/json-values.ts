import { isDeepStrictEqual } from 'node:util'
import type { Row } from './rows-to-write.ts'

/**
 * A row whose objects are JSON text, for a column that holds such. Knex makes it of an object in an INSERT of one row, but
 * not in each other statement of each database. A list is JSON where the database has no arrays. What is an instance of a
 * class (dates, bytes, Knex's own) stays what it is.
 */
export function withJsonTexts(row: Row, dialect: string): Row {
  const hasArrays = dialect !== 'mysql' && dialect !== 'sqlite'
  const isJson = (value: unknown): boolean => isPlain(value) || (Array.isArray(value) && !hasArrays)
  if (!Object.values(row).some(isJson)) return row
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isJson(value) ? JSON.stringify(value) : value]),
  )
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  // The driver of PostgreSQL asks such an object itself.
  return typeof (value as { toPostgres?: unknown }).toPostgres !== 'function'
}

/** Whether the text is JSON of what a driver has read from a column of JSON. */
export function isJsonOf(text: unknown, there: unknown): boolean {
  if (typeof text !== 'string' || typeof there !== 'object' || there === null) return false
  try {
    return isDeepStrictEqual(JSON.parse(text), there)
  } catch {
    return false
  }
}
